using Imputation.Files;
using Imputation.Models.Mixture;
using Imputation.Numerics.Random;
using Imputation.Patterns;
using Imputation.Tests.Models.LatentNormal;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models.Mixture;

public class MixtureTests
{
    private static readonly MixtureShape[] s_shapes = Enum.GetValues<MixtureShape>();

    public static TheoryData<MixtureShape> Shapes => [.. s_shapes];

    /// <summary>Clusters of numbers, with missing cells; the last columns are categories where there are any.</summary>
    private static Table Clusters(int rows, int p, int k, ulong seed, double missing = 0.15, int categories = 0, double scale = 1,
        double shift = 0)
    {
        var columns = new List<Column>();
        int Own(int row) => (int)(CounterRandom.Uniform(seed, row, 500, 0) * k);
        for (int j = 0; j < p; j++)
        {
            var x = new double[rows];
            for (int row = 0; row < rows; row++)
            {
                double common = CounterRandom.Normal(seed, row, 600, 0);
                x[row] = shift + scale * (4 * CounterRandom.Normal(seed, Own(row), j, 1) + common + CounterRandom.Normal(seed, row, j, 2));
                if (CounterRandom.Uniform(seed, row, j, 3) < missing) x[row] = double.NaN;
            }
            columns.Add(NumericColumn.Create($"x{j + 1}", ColumnKind.Number, x));
        }
        for (int j = 0; j < categories; j++)
        {
            var text = new string?[rows];
            for (int row = 0; row < rows; row++)
            {
                double u = CounterRandom.Uniform(seed, row, 700 + j, 0);
                text[row] = CounterRandom.Uniform(seed, row, 800 + j, 0) < missing ? null
                    : u < 0.6 ? "abcd"[Own(row) % 4].ToString() : u < 0.8 ? "a" : "b";
            }
            columns.Add(TextColumn.Create($"c{j + 1}", text));
        }
        return new Table(columns);
    }

    /// <summary>A run that continues a short one counts the iterations of both: mixtures "converged in 1 iteration".</summary>
    [Fact]
    public void Iterations_OfShortRunsCount()
    {
        FitReport report = NormalMixture.Fit(Clusters(200, 3, 2, 9), new NormalMixtureOptions { Components = 2, Restarts = 10 }).Report;
        EmRun best = report.Runs.First(r => r.Start == report.Trace[0].Start);
        Assert.Equal(best.IterationCount, report.IterationCount);
        Assert.InRange(report.IterationCount - report.Trace.Count, 1, 24); // a short run has 25, the last of them begins the long one
    }

    private static (MixtureData Data, MixturePlan Plan) Prepared(Table table, int k, MixtureShape shape)
    {
        var plan = new MixturePlan(k, shape, false);
        (Column[] columns, _, MixtureLayout layout) = MixtureFitting.Columns(table, new NormalMixtureOptions(), plan);
        return (MixtureData.From(layout, columns, shape == MixtureShape.Spherical, null), plan);
    }

    private static NaiveMixture InUnits(MixtureData data, MixtureParameters parameters)
    {
        int k = parameters.Count, p = data.Layout.NumberCount;
        return new NaiveMixture(parameters.Weights,
            [.. parameters.Normals.Select(normal => normal.Mean.Select((m, j) => data.Center[j] + data.Scale[j] * m).ToArray())],
            [.. parameters.Normals.Select(normal =>
            {
                var s = new double[p, p];
                for (int i = 0; i < p; i++)
                    for (int j = 0; j < p; j++) s[i, j] = normal.Covariance[i * p + j] * data.Scale[i] * data.Scale[j];
                return s;
            })]);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Step_IsThatOfTheTextbook(MixtureShape shape)
    {
        for (int k = 1; k <= 4; k++)
        {
            Table table = Clusters(70, 3, 3, (ulong)k, 0.3);
            (MixtureData data, _) = Prepared(table, k, shape);
            var model = new MixtureEm(data, k, shape, CovariancePrior.None, 1);
            MixtureParameters at = model.Initialize(new EmStart(k, 1));
            var x = new double[70, 3];
            for (int i = 0; i < 70; i++)
                for (int j = 0; j < 3; j++) x[i, j] = ((NumericColumn)table.Columns[j])[i];
            (double expected, NaiveMixture next) = InUnits(data, at).Step(x, shape);
            EmStep<MixtureParameters> step = model.Step(at, default);
            Assert.Equal(expected, step.LogLikelihood, 1e-9 * Math.Abs(expected));
            NaiveMixture found = InUnits(data, step.Next);
            for (int c = 0; c < k; c++)
            {
                Assert.Equal(next.Weights[c], found.Weights[c], 1e-10);
                for (int i = 0; i < 3; i++)
                {
                    Assert.Equal(next.Means[c][i], found.Means[c][i], 1e-9);
                    for (int j = 0; j < 3; j++) Assert.Equal(next.Covariances[c][i, j], found.Covariances[c][i, j], 1e-9);
                }
            }
        }
    }

    /// <summary>Digit for digit, also where both stop short of the maximum by the default tolerance.</summary>
    [Theory]
    [InlineData(MixtureShape.Full)]
    [InlineData(MixtureShape.Tied)]
    public void OneComponent_IsTheNormalModel(MixtureShape shape)
    {
        Table table = Clusters(120, 4, 3, 5, 0.2);
        NormalFit normal = NormalModel.Fit(table);
        NormalMixtureFit one = NormalMixture.Fit(table, new NormalMixtureOptions { Components = 1, Shape = shape });
        Assert.Equal(normal.Report.LogLikelihood, one.Report.LogLikelihood);
        Assert.Equal(normal.Report.Bic, one.Report.Bic);
        Assert.Equal(normal.Report.ConvergenceRate, one.Report.ConvergenceRate);
        for (int i = 0; i < 4; i++)
        {
            double deviation = Math.Sqrt(normal.Covariance[i, i]);
            Assert.Equal(normal.Mean[i], one.Components[0].Mean[i], 1e-14 * (deviation + Math.Abs(normal.Mean[i])));
            for (int j = 0; j < 4; j++)
                Assert.Equal(normal.Covariance[i, j], one.Components[0].Covariance[i, j],
                    1e-14 * Math.Sqrt(normal.Covariance[i, i] * normal.Covariance[j, j]));
        }
        // The step of the mixture itself agrees: its end is the same maximum.
        (MixtureData data, MixturePlan plan) = Prepared(table, 1, shape);
        var step = new MixtureEm(data, plan.Components, plan.Shape, CovariancePrior.None, threads: 1);
        EmFit<MixtureParameters> own = EmDriver.Fit(step, new EmOptions { Tolerance = 1e-12 });
        Assert.Equal(NormalModel.Fit(table, new NormalOptions { Tolerance = 1e-12 }).Report.LogLikelihood, own.LogLikelihood,
            1e-10 * Math.Abs(own.LogLikelihood));
        ImputedCell[] expected = [.. normal.Impute(table, new FillOptions { Method = FillMethod.Mean }).Cells],
            cells = [.. one.Impute(table, new FillOptions { Method = FillMethod.Mean }).Cells];
        foreach ((ImputedCell a, ImputedCell b) in expected.Zip(cells))
        {
            Assert.Equal(a.Value, b.Value, 1e-9);
            Assert.Equal(a.StandardDeviation, b.StandardDeviation, 1e-9);
        }
    }

    /// <summary>In 320 generated cases no iteration of any run lowers the objective, and what is returned is proper wherever it
    /// converged.</summary>
    [Fact]
    public void Objective_NeverDecreases()
    {
        for (int seed = 0; seed < 320; seed++)
        {
            double U(int key) => CounterRandom.Uniform((ulong)seed, key, 0, 0);
            int k = 1 + (int)(U(0) * 4), p = (int)(U(1) * 4), rows = 15 + (int)(U(2) * 50);
            Table table = Clusters(rows, p, 1 + (int)(U(3) * 3), (ulong)seed, 0.4 * U(4), p == 0 ? 3 : (int)(U(5) * 3));
            var options = new NormalMixtureOptions
            {
                Components = k,
                Shape = s_shapes[seed % 4],
                Restarts = 4,
                MaxIterations = 300,
                Accelerate = U(6) < 0.7,
                Prior = U(7) < 0.3 ? CovariancePrior.Ridge(1) : CovariancePrior.None,
            };
            NormalMixtureFit fit = NormalMixture.Fit(table, options, new RunOptions { Seed = (ulong)seed, Threads = 1 });
            foreach (IReadOnlyList<EmIteration> trace in fit.Report.Traces)
                Assert.True(Monotonicity.FirstDecrease([.. trace.Select(t => t.Objective)]) is null, $"seed {seed}");
            Assert.True(fit.Report.Runs.All(r => r.Outcome != EmOutcome.ObjectiveDecreased), $"seed {seed}: "
                + $"{string.Join("; ", fit.Report.Runs)}, {k} components, {p} numbers, {rows} rows, {options.Shape}, {options.Prior}");
        }
    }

    [Theory, InlineData(MixtureShape.Full), InlineData(MixtureShape.Tied), InlineData(MixtureShape.Diagonal)]
    public void OtherUnits_GiveTheSameFit(MixtureShape shape)
    {
        var options = new NormalMixtureOptions { Components = 3, Shape = shape, Tolerance = 1e-9, Restarts = 30 };
        NormalMixtureFit one = NormalMixture.Fit(Clusters(150, 2, 3, 11), options),
            other = NormalMixture.Fit(Clusters(150, 2, 3, 11, scale: 250, shift: -7), options);
        Assert.Equal(one.Report.LogLikelihood - one.Report.ObservedCellCount * Math.Log(250), other.Report.LogLikelihood, 1e-6);
        for (int c = 0; c < 3; c++)
        {
            Assert.Equal(one.Components[c].Weight, other.Components[c].Weight, 1e-7);
            for (int j = 0; j < 2; j++) Assert.Equal(250 * one.Components[c].Mean[j] - 7, other.Components[c].Mean[j], 1e-4);
        }
    }

    [Fact]
    public void Bits_DoNotDependOnThreads()
    {
        Table table = Clusters(4000, 4, 3, 3, categories: 1);
        NormalMixtureFit At(int threads) => NormalMixture.Fit(table, new NormalMixtureOptions { Components = 3, Restarts = 12 },
            new RunOptions { Threads = threads });
        NormalMixtureFit one = At(1), eight = At(8);
        Assert.Equal(one.Report.LogLikelihood, eight.Report.LogLikelihood);
        Assert.Equal(one.Components.SelectMany(c => c.Mean), eight.Components.SelectMany(c => c.Mean));
        Assert.Equal(one.Weights, eight.Weights);
    }

    [Fact]
    public void EndsThatDifferInTheOrderOfComponents_AreOne_AndTheLargestComesFirst()
    {
        (MixtureData data, _) = Prepared(Clusters(90, 2, 3, 4), 3, MixtureShape.Full);
        var model = new MixtureEm(data, 3, MixtureShape.Full, CovariancePrior.None, 1);
        MixtureParameters point = model.Initialize(new EmStart(1, 1));
        Assert.Equal(0, model.EndDistance(point, point.Ordered([2, 0, 1])));
        Assert.True(model.Distance(point, point.Ordered([2, 0, 1])) > 0.1);
        NormalMixtureFit fit = NormalMixture.Fit(Clusters(90, 2, 3, 4), new NormalMixtureOptions { Components = 3 });
        Assert.Equal(fit.Weights.OrderDescending(), fit.Weights);
        Assert.True(fit.Report.EndPoints[0].StartCount > 1);
    }

    /// <summary>Rows that are nearly the same make the likelihood unbounded: the fit is another one, and says so.</summary>
    [Fact]
    public void ImproperEnds_AreCounted_AndNotReturned()
    {
        double[] x = [.. Enumerable.Range(0, 80).Select(i => i < 6 ? 3 + 1e-9 * i : CounterRandom.Normal(2, i, 0, 0))],
            y = [.. Enumerable.Range(0, 80).Select(i => i < 6 ? -2 + 1e-9 * (i % 3) : CounterRandom.Normal(2, i, 1, 0))];
        var table = new Table([NumericColumn.Create("x", ColumnKind.Number, x), NumericColumn.Create("y", ColumnKind.Number, y)]);
        NormalMixtureFit fit = NormalMixture.Fit(table, new NormalMixtureOptions { Components = 3 });
        Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
        Assert.Contains(fit.Report.Findings, f => f.Code == "improper-ends");
        (MixtureData data, _) = Prepared(table, 3, MixtureShape.Full);
        foreach (MixtureComponent component in fit.Components)
        {
            Assert.True(component.Weight * 80 >= 3);
            Assert.True(component.Covariance[0, 0] / (data.Deviations[0] * data.Deviations[0]) >= 1e-3);
        }
    }

    /// <summary>Two clear clusters and a third component under a prior, which shrinks it to next to nothing: no worse an end is taken for
    /// it, and it is said.</summary>
    [Fact]
    public void ComponentThatAPriorEmpties_IsNamed()
    {
        int named = 0;
        for (ulong seed = 1; seed <= 6; seed++)
        {
            double Normal(int row, int column) => CounterRandom.Normal(seed, row, column, 0);
            Table table = new([
                NumericColumn.Number("x", [.. Enumerable.Range(0, 160).Select(i => i % 2 * 10 + Normal(i, 0))]),
                NumericColumn.Number("y", [.. Enumerable.Range(0, 160).Select(i => i == 3 ? double.NaN : i % 2 * 10 + 0.5 * Normal(i, 1))]),
                NumericColumn.Number("z", [.. Enumerable.Range(0, 160).Select(i => Normal(i, 2))])]);
            NormalMixtureFit Fit(int k) => NormalMixture.Fit(table, new NormalMixtureOptions
            {
                Components = k,
                Prior = CovariancePrior.Ridge(1),
            });
            NormalMixtureFit two = Fit(2), three = Fit(3);
            Assert.True(three.Report.LogLikelihood > two.Report.LogLikelihood - 10,
                $"seed {seed}: {three.Report.LogLikelihood} {two.Report.LogLikelihood}");
            bool few = three.Components[2].Weight * 160 < 4;
            Assert.Equal(few, three.Report.Findings.Any(f => f is { Code: "small-component", Severity: FindingSeverity.Warning }));
            Assert.DoesNotContain(two.Report.Findings, f => f.Code == "small-component");
            if (few) named++;
        }
        Assert.True(named > 0);
    }

    /// <summary>A ridge bounds the objective; without a prior, and under Jeffreys', a component on few rows has as much of it as it
    /// likes.</summary>
    [Fact]
    public void FewRows_AreImproper_UnlessAPriorBoundsTheObjective()
    {
        (MixtureData data, _) = Prepared(Clusters(60, 2, 2, 3, 0), 2, MixtureShape.Full);
        MixtureEm Under(CovariancePrior prior) => new(data, 2, MixtureShape.Full, prior, threads: 1);
        MixtureParameters start = Under(CovariancePrior.None).Initialize(EmStart.Deterministic),
            few = new([0.98, 0.02], start.Normals, start.Levels);
        Assert.Null(Under(CovariancePrior.None).WhyImproper(start));
        Assert.Contains("1.2 rows, fewer than 3", Under(CovariancePrior.None).WhyImproper(few));
        Assert.Contains("1.2 rows, fewer than 3", Under(CovariancePrior.Jeffreys).WhyImproper(few));
        Assert.Null(Under(CovariancePrior.Ridge(1)).WhyImproper(few));
    }

    /// <summary>Rows with nothing observed say nothing, and do not count in BIC.</summary>
    [Fact]
    public void EmptyRows_DoNotCount()
    {
        Table table = Clusters(120, 3, 2, 4, 0.1);
        Table longer = new(table.Columns.Select(c => NumericColumn.Number(c.Name,
            [.. ((NumericColumn)c).Values.ToArray(), .. Enumerable.Repeat(double.NaN, 50)])));
        ModelOptions[] models = [new NormalMixtureOptions { Components = 2 }, new NormalOptions(), new FactorOptions { Factors = 1 },
            StudentTOptions.Default, LatentNormalOptions.Default];
        foreach (ModelOptions options in models)
        {
            FitReport one = options.Fit(table).Report, other = options.Fit(longer).Report;
            Assert.Equal(one.Bic, other.Bic, 1e-6);
            Assert.Equal(170, other.RowCount);
        }
    }

    [Fact]
    public void CoincidentComponents_AreLeft()
    {
        (MixtureData data, _) = Prepared(Clusters(200, 2, 2, 21, 0), 2, MixtureShape.Full);
        var one = new MixtureEm(data, 1, MixtureShape.Full, CovariancePrior.None, 1);
        EmFit<MixtureParameters> single = EmDriver.Fit(one, new EmOptions { Tolerance = 1e-10 });
        var twice = new MixtureParameters([0.5, 0.5], [single.Next.Normals[0], single.Next.Normals[0]],
            [single.Next.Levels[0], single.Next.Levels[0]]);
        EmFit<MixtureParameters> fit = EmDriver.Fit(new MixtureEm(data, 2, MixtureShape.Full, CovariancePrior.None, 1, twice),
            new EmOptions());
        Assert.Equal(EmOutcome.Converged, fit.Outcome);
        Assert.NotEmpty(fit.Saddles);
        Assert.True(fit.LogLikelihood > single.LogLikelihood + 10);
    }

    [Theory, InlineData(2, 2), InlineData(2, 0), InlineData(0, 3)]
    public void ModelFile_GivesTheSameFit(int numbers, int categories)
    {
        Table table = Clusters(120, numbers, 2, 9, categories: categories);
        NormalMixtureFit fit = numbers > 0 ? NormalMixture.Fit(table, new NormalMixtureOptions { Restarts = 20 })
            : LatentClass.Fit(table, new LatentClassOptions { Restarts = 20 });
        var file = new MemoryStream();
        ModelFile.Write(file, fit);
        var read = (NormalMixtureFit)ModelFile.Read(new MemoryStream(file.ToArray()));
        Assert.Equal(fit.ModelName, read.ModelName);
        Assert.Equal(numbers > 0 ? "mixture" : "classes", read.ModelName);
        Assert.Equal((fit.Icl, fit.Report.Bic, fit.Shape), (read.Icl, read.Report.Bic, read.Shape));
        var again = new MemoryStream();
        ModelFile.Write(again, read);
        Assert.Equal(file.ToArray(), again.ToArray());
        foreach (FillMethod method in (FillMethod[])[FillMethod.Mean, FillMethod.Draw])
        {
            var filling = new FillOptions { Method = method };
            Assert.Equal(Mixed.Written(fit.Impute(table, filling).Table), Mixed.Written(read.Impute(table, filling).Table));
        }
        Assert.Equal(fit.Assign(table), read.Assign(table));
    }

    [Fact]
    public void Responsibilities_AddUpToOne_AndFindTheClusters()
    {
        Table table = Clusters(200, 3, 2, 21, 0.1);
        NormalMixtureFit fit = NormalMixture.Fit(table);
        double[,] shares = fit.Responsibilities(table);
        int[] assigned = fit.Assign(table);
        int agree = 0;
        for (int row = 0; row < 200; row++)
        {
            Assert.Equal(1, shares[row, 0] + shares[row, 1], 1e-12);
            Assert.True(shares[row, assigned[row]] >= 0.5);
            agree += assigned[row] == (int)(CounterRandom.Uniform(21, row, 500, 0) * 2) ? 1 : 0;
        }
        Assert.True(Math.Max(agree, 200 - agree) > 190);
    }

    /// <summary>Codes that the model's codebook declares are missing here too, as where the table is filled.</summary>
    [Fact]
    public void Responsibilities_ReadTheTableByTheModelsCodebook()
    {
        Table table = Clusters(200, 3, 2, 21, 0.1);
        var first = (NumericColumn)table.Columns[0];
        double[] coded = [.. Enumerable.Range(0, 200).Select(row => first.IsMissing(row) ? -99 : first[row])];
        var codes = new Table([NumericColumn.Number(first.Name, coded), .. table.Columns.Skip(1)]);
        var codebook = new Codebook([new CodebookField(first.Name) { Missing = [new MissingCode("-99")] }]);
        NormalMixtureFit fit = NormalMixture.Fit(codes, new NormalMixtureOptions { Codebook = codebook });
        Assert.Equal(NormalMixture.Fit(table).Responsibilities(table), fit.Responsibilities(codes));
    }

    /// <summary>y is −5 or 5 and depends on nothing: the mean lies where nobody is.</summary>
    [Fact]
    public void ACellBetweenTwoHumps_IsMarked()
    {
        double[] x = [.. Enumerable.Range(0, 200).Select(i => CounterRandom.Normal(8, i, 0, 0))],
            y = [.. Enumerable.Range(0, 200).Select(i => i < 10 ? double.NaN
                : (i % 2 == 0 ? 5 : -5) + 0.5 * CounterRandom.Normal(8, i, 1, 0))];
        var table = new Table([NumericColumn.Create("x", ColumnKind.Number, x), NumericColumn.Create("y", ColumnKind.Number, y)]);
        NormalMixtureFit fit = NormalMixture.Fit(table);
        ImputedCell[] means = [.. fit.Impute(table, new FillOptions { Method = FillMethod.Mean }).Cells];
        Assert.Equal(10, means.Length);
        Assert.All(means, c => Assert.True(c.Notes.HasFlag(CellNotes.Undecided) && Math.Abs(c.Value) < 3 && c.Lower < -4 && c.Upper > 4));
        Assert.All(fit.Impute(table, new FillOptions { Method = FillMethod.Draw }).Cells, c => Assert.True(Math.Abs(c.Value) > 3));
    }

    [Theory, InlineData(MixtureCriterion.Bic), InlineData(MixtureCriterion.Icl), InlineData(MixtureCriterion.Hidden)]
    public void TheNumberOfComponents_IsThatOfTheClusters(MixtureCriterion criterion)
    {
        MixtureChoice choice = NormalMixture.Choose(Clusters(300, 3, 2, 21, 0.1), 1, 3, criterion,
            new NormalMixtureOptions { Restarts = 30, Shape = MixtureShape.Tied });
        Assert.Equal([1, 2, 3], choice.Candidates.Select(c => c.Components));
        Assert.Equal(2, choice.Best.Components.Count);
        Assert.All(choice.Candidates, c => Assert.True(c.IsSound));
    }

    /// <summary>One component, cell by cell: a normal distribution of the numbers, and shares of the levels, of the cells that are left
    /// when those of <see cref="HoldoutCells"/> are hidden.</summary>
    [Fact]
    public void HiddenCells_AreThoseOfTheTablesPatterns_AndScoredGivenTheOthers()
    {
        Table table = Clusters(150, 3, 2, 23, 0.2, categories: 1);
        Column levels = table.Columns[3];
        double[] level = levels.Levels.AsNumbers(levels).Array;
        var matrix = IncompleteMatrix.FromColumns([.. table.Columns.Take(3).Cast<NumericColumn>(), levels.Levels.AsNumbers(levels)]);
        var all = new double[150, 3];
        for (int i = 0; i < 150; i++)
            for (int j = 0; j < 3; j++) all[i, j] = matrix[i, j];
        double density = 0, count = 0, hiddenLevels = 0;
        for (int split = 0; split < 5; split++)
        {
            bool[][] hidden = HoldoutCells.Choose(matrix, MissingPatterns.Of(matrix), 0.1, CounterRandom.Derive(4, split, 77));
            var seen = (double[,])all.Clone();
            for (int i = 0; i < 150; i++)
                for (int j = 0; j < 3; j++)
                    if (hidden[j][i]) seen[i, j] = double.NaN;
            NormalFit fit = NormalModel.Fit(Table.FromArray(["a", "b", "c"], seen), new NormalOptions { Tolerance = 1e-10 });
            var at = new NaiveParameters([.. fit.Mean], fit.Covariance.Values);
            density += NaiveNormal.LogLikelihood(all, at) - NaiveNormal.LogLikelihood(seen, at);
            double[] left = [.. level.Where((x, i) => !double.IsNaN(x) && !hidden[3][i])];
            density += level.Where((_, i) => hidden[3][i]).Sum(x => Math.Log(left.Count(y => y == x) / (double)left.Length));
            count += hidden.Sum(column => column.Count(h => h));
            hiddenLevels += hidden[3].Count(h => h);
        }

        MixtureCandidate one = NormalMixture.Choose(table, 1, 1, MixtureCriterion.Hidden, new NormalMixtureOptions { Tolerance = 1e-10 },
            new RunOptions { Seed = 4 }).Candidates[0];
        Assert.True(hiddenLevels > 20);
        Assert.Equal(density / count, one.HiddenLogDensity, 1e-6); // two fits to 1e-10
        Assert.Equal(-one.HiddenLogDensity, one.Score);
    }

    [Fact]
    public void QuantilesAndScores_AreThoseOfTheDistribution()
    {
        double[] weights = [0.3, 0.7], means = [-2, 3], deviations = [0.5, 2];
        foreach (double u in (double[])[0.001, 0.025, 0.3, 0.5, 0.9, 0.999])
            Assert.Equal(u, MixtureDistribution.Cumulative(weights, means, deviations,
                MixtureDistribution.Quantile(weights, means, deviations, u)), 1e-12);
        double integral = 0, step = 1e-3, y = 0.7;
        for (double x = -30; x < 30; x += step)
        {
            double f = MixtureDistribution.Cumulative(weights, means, deviations, x + step / 2) - (x + step / 2 >= y ? 1 : 0);
            integral += step * f * f;
        }
        Assert.Equal(integral, MixtureDistribution.Crps(weights, means, deviations, y), 1e-4);
    }

    [Fact]
    public void IsImputedSeveralTimes_AndDiagnosed()
    {
        Table table = Clusters(150, 2, 2, 13, categories: 1);
        var model = new NormalMixtureOptions { Restarts = 10 };
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 4, Model = model });
        Assert.Equal(4, set.Select((_, done) => Mixed.Written(done.Table)).Distinct().Count());
        Imputation.Diagnostics.DiagnosticReport report = Imputation.Diagnostics.DiagnosticSuite.Default.Run(
            new Imputation.Diagnostics.DiagnosticContext(table, new Imputation.Diagnostics.DiagnosticOptions { Model = model }));
        Assert.DoesNotContain(report.Findings, f => f.Code == "diagnostic-failed");
    }
}
