using Imputation.Models.Gaussian;
using Imputation.Patterns;
using Imputation.Surveys;
using Imputation.Text;

namespace Imputation.Models.Normal;

/// <summary>Fits the normal model to rows that come in batches: in one pass over them, and a second where some of them fulfil a linear
/// relation that all may fulfil.</summary>
/// <remarks>What the columns are is decided by the first batch, as for a table of these rows. A column of which it has one value or none is
/// looked at again where later rows have others: the pass is then made once more.</remarks>
internal sealed class StreamedFit(IRowSource rows, ModelOptions options, StreamOptions stream, RunOptions run,
    CancellationToken cancellation)
{
    /// <summary>The fit, by a function of the data made ready and the use of every column.</summary>
    public NormalFit Run(Func<GaussianData, IReadOnlyList<ColumnUse>, NormalFit> fit)
    {
        (IReadOnlyList<ColumnUse> uses, Codebook? codebook, IReadOnlyList<Finding> findings, int firstCount) = ReadFirst();
        for (; ; )
        {
            string[] modelled = Modelled(uses);
            GaussianWork.ThrowIfTooWide(modelled.Length);
            using StreamedRows? data = modelled.Length == 0 ? null
                : new StreamedRows(modelled, rows.RowCount, () => rows.MostRowCount, stream, run.Threads);
            var columns = new StreamedColumns(uses);
            long rowCount = 0;
            foreach (Table batch in Batches(rows, codebook, cancellation))
            {
                rowCount += batch.RowCount;
                columns.Add(batch);
                data?.Add(Matrix(batch, modelled));
            }
            uses = columns.Uses();
            if (!Modelled(uses).SequenceEqual(modelled)) continue;
            if (data is null) throw TableEncoder.NothingToModel(uses, "column of numbers");

            GaussianData made = data.Finish();
            made.Relations = Confirmed(made, codebook);
            NormalFit fitted = fit(made, uses);
            fitted.Keep(codebook, [.. findings, ReadInBatches(rowCount, firstCount)]);
            return fitted;
        }
    }

    /// <summary>What the columns are by the first batch, which is not kept.</summary>
    private (IReadOnlyList<ColumnUse> Uses, Codebook? Codebook, IReadOnlyList<Finding> Findings, int RowCount) ReadFirst()
    {
        Table first = rows.Batches(cancellation).FirstOrDefault()
            ?? throw new ImputationDataException($"{rows.Name}: no rows; there is nothing to fit.");
        SurveyReading survey = (options with { GroupEffects = false }).Read(first);
        if (survey.Table.RowWeights is not null)
            throw new ImputationDataException("Rows in batches cannot be weighted; read the table into memory (without --memory).");
        return (TableEncoder.Uses(survey.Table, options.Columns, categories: false), survey.Codebook, survey.Findings, first.RowCount);
    }

    private static string[] Modelled(IReadOnlyList<ColumnUse> uses) =>
        [.. uses.Where(use => use.Role == ColumnRole.Modelled).Select(use => use.Name)];

    /// <summary>The batches, with the codes of a codebook as missing cells.</summary>
    internal static IEnumerable<Table> Batches(IRowSource rows, Codebook? codebook, CancellationToken cancellation)
    {
        string[] names = [];
        foreach (Table batch in rows.Batches(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            string[] here = [.. batch.Columns.Select(c => c.Name)];
            if (names.Length == 0) names = here;
            if (!here.SequenceEqual(names))
                throw new ImputationDataException($"{rows.Name}: the rows have the columns {TextFormat.Names(names)} at first, and later "
                    + $"{TextFormat.Names(here)}; expected the same in all.");
            yield return codebook is null ? batch : CodebookApplication.Apply(batch, codebook, []);
        }
    }

    /// <summary>Some columns of a batch as numbers.</summary>
    internal static IncompleteMatrix Matrix(Table batch, IEnumerable<string> names) =>
        IncompleteMatrix.FromColumns([.. names.Select(name => Numbers(batch, name))]);

    private static NumericColumn Numbers(Table batch, string name) => batch[name] switch
    {
        NumericColumn { Categories: null } numbers => numbers,
        NumericColumn numbers => numbers.With(numbers.Mask, null),
        var other => throw new ImputationDataException($"Column '{name}' has numbers at first, and "
            + $"{other.Kind.ToString().ToLowerInvariant()} in a later batch; expected numbers. Correct it, or leave the column out.", name),
    };

    /// <summary>The linear relations that a sample of the rows fulfils and, looked at once more, all do.</summary>
    private IReadOnlyList<LinearRelation> Confirmed(GaussianData data, Codebook? codebook)
    {
        LinearRelation[] candidates = [.. RelationFinder.Find(data.Sample!)];
        if (candidates.Length == 0) return [];
        RelationCheck[] checks = [.. candidates.Select(relation => new RelationCheck(relation, data))];
        foreach (Table batch in Batches(rows, codebook, cancellation))
            foreach (RelationCheck check in checks) check.Add([.. check.Columns.Select(name => Numbers(batch, name))]);
        return [.. checks.Select(check => check.Result()).OfType<LinearRelation>()];
    }

    private static Finding ReadInBatches(long count, int first) => new(FindingSeverity.Note, "read-in-batches",
        $"{TextFormat.Count(count, "row")} were read in batches. What the columns are (codes, identifiers, questions that were not "
            + $"asked) was decided by the first {TextFormat.Count(first, "row")}; means, covariances and relations are those of all.",
            []);
}
