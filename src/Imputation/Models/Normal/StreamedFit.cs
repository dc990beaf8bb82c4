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
    private string[] _names = [];

    /// <summary>The fit, by a function of the data made ready and the use of every column.</summary>
    public NormalFit Run(Func<GaussianData, IReadOnlyList<ColumnUse>, NormalFit> fit)
    {
        Table first = rows.Batches(cancellation).FirstOrDefault()
            ?? throw new ImputationDataException($"{rows.Name}: no rows; there is nothing to fit.");
        _names = [.. first.Columns.Select(c => c.Name)];
        SurveyReading survey = (options with { GroupEffects = false }).Read(first);
        if (survey.Table.RowWeights is not null)
            throw new ImputationDataException("Rows in batches cannot be weighted; read the table into memory (without --memory).");
        IReadOnlyList<ColumnUse> uses = TableEncoder.Uses(survey.Table, options.Columns, categories: false);
        for (; ; )
        {
            string[] modelled = Modelled(uses);
            GaussianWork.ThrowIfTooWide(modelled.Length);
            using StreamedRows? data = modelled.Length == 0 ? null
                : new StreamedRows(modelled, rows.RowCount, stream, run.Threads);
            var columns = new StreamedColumns(uses);
            long rowCount = 0;
            foreach (Table batch in Batches(survey))
            {
                rowCount += batch.RowCount;
                columns.Add(batch);
                data?.Add(IncompleteMatrix.FromColumns([.. modelled.Select(name => Numbers(batch, name))]));
            }
            uses = columns.Uses();
            if (!Modelled(uses).SequenceEqual(modelled)) continue;
            if (data is null) throw TableEncoder.NothingToModel(uses, "column of numbers");

            GaussianData made = data.Finish();
            made.Relations = Confirmed(made, survey);
            NormalFit fitted = fit(made, uses);
            fitted.Keep(survey.Codebook, [.. survey.Findings, ReadInBatches(rowCount, first.RowCount)]);
            return fitted;
        }
    }

    private static string[] Modelled(IReadOnlyList<ColumnUse> uses) =>
        [.. uses.Where(use => use.Role == ColumnRole.Modelled).Select(use => use.Name)];

    /// <summary>The batches, read by the codebook.</summary>
    private IEnumerable<Table> Batches(SurveyReading survey)
    {
        foreach (Table batch in rows.Batches(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!batch.Columns.Select(c => c.Name).SequenceEqual(_names))
                throw new ImputationDataException($"{rows.Name}: the rows have the columns {TextFormat.Names(_names)} at first, and later "
                    + $"{TextFormat.Names(batch.Columns.Select(c => c.Name))}; expected the same in all.");
            yield return survey.Codebook is { } codebook ? CodebookApplication.Apply(batch, codebook, []) : batch;
        }
    }

    /// <summary>A column of a batch as numbers.</summary>
    internal static NumericColumn Numbers(Table batch, string name) => batch[name] switch
    {
        NumericColumn { Categories: null } numbers => numbers,
        NumericColumn numbers => numbers.With(numbers.Mask, null),
        var other => throw new ImputationDataException($"Column '{name}' has numbers at first, and "
            + $"{other.Kind.ToString().ToLowerInvariant()} in a later batch; expected numbers. Correct it, or leave the column out.", name),
    };

    /// <summary>The linear relations that a sample of the rows fulfils and, looked at once more, all do.</summary>
    private IReadOnlyList<LinearRelation> Confirmed(GaussianData data, SurveyReading survey)
    {
        LinearRelation[] candidates = [.. RelationFinder.Find(data.Sample!)];
        if (candidates.Length == 0) return [];
        RelationCheck[] checks = [.. candidates.Select(relation => new RelationCheck(relation, data))];
        foreach (Table batch in Batches(survey))
            foreach (RelationCheck check in checks) check.Add([.. check.Columns.Select(name => Numbers(batch, name))]);
        return [.. checks.Select(check => check.Result()).OfType<LinearRelation>()];
    }

    private static Finding ReadInBatches(long count, int first) => new(FindingSeverity.Note, "read-in-batches",
        $"{TextFormat.Count(count, "row")} were read in batches. What the columns are (numbers, codes, identifiers, questions that "
            + "were not "
            + $"asked) was decided by the first {TextFormat.Count(first, "row")}; means, covariances and relations are those of all.", []);
}
