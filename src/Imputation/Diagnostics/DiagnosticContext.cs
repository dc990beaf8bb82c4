using Imputation.Models;
using Imputation.Patterns;
using Imputation.Statistics;

namespace Imputation.Diagnostics;

/// <summary>The input of diagnostics: the table and its patterns, and the fitted model and the completed table, both computed on first
/// access.</summary>
/// <remarks>Each is computed once; diagnostics may run in parallel.</remarks>
public sealed class DiagnosticContext
{
    private readonly Lazy<MissingPatterns?> _patterns;
    private readonly Lazy<MissingPatterns?> _matrixPatterns;
    private readonly Lazy<SurveyReading> _survey;
    private readonly Lazy<TableEncoder.Encoding> _encoding;
    private readonly Lazy<IReadOnlyList<ColumnUse>> _uses;
    private readonly Lazy<IReadOnlyList<Contrast>> _contrasts;
    private readonly Lazy<FittedModel> _fit;
    private readonly Lazy<ImputationResult> _completion;

    /// <summary>A table that has not been completed yet.</summary>
    /// <param name="table">The table.</param>
    /// <param name="options">How; the defaults where null.</param>
    /// <param name="run">Seed, threads and progress of the fit, the filling and the diagnostics.</param>
    /// <param name="cancellation">Cancels everything computed in this context.</param>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table does not have.</exception>
    public DiagnosticContext(Table table, DiagnosticOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        Options = options ?? DiagnosticOptions.Default;
        Options.Validate();
        RunOptions = run ?? RunOptions.Default;
        RunOptions.Validate();
        Table = table;
        Cancellation = cancellation;
        TableEncoder.CheckNames(table, Options.Model.Columns);
        Columns = [.. table.Columns.Where(c => Options.Model.Columns.Uses(c.Name))];
        _patterns = new Lazy<MissingPatterns?>(() =>
            Columns.Count == 0 || table.RowCount == 0 ? null
                : MissingPatterns.Of(IncompleteMatrix.FromColumns([.. Columns.Select(Presence)])));
        _matrixPatterns = new Lazy<MissingPatterns?>(() => Matrix is null ? null : MissingPatterns.Of(Matrix));
        _survey = new Lazy<SurveyReading>(() =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Options.Model.Read(table);
        });
        _encoding = new Lazy<TableEncoder.Encoding>(() => TableEncoder.Encode(Read(table), Options.Model.Columns, beside: true));
        _uses = new Lazy<IReadOnlyList<ColumnUse>>(() => Options.Model.TakesCategories
            ? TableEncoder.Uses(Read(table), Options.Model.Columns, categories: true, beside: true) : _encoding.Value.ColumnUses);
        _contrasts = new Lazy<IReadOnlyList<Contrast>>(() =>
        {
            Table read = Read(table);
            return Contrast.Of(TableEncoder.Uses(read, Options.Model.Columns, categories: true)
                .Where(use => use.Role == ColumnRole.Modelled).Select(use => read[use.Name]));
        });
        var prepared = new Lazy<PreparedFit>(() => Options.Model.Prepare(Survey, RunOptions, cancellation));
        _fit = new Lazy<FittedModel>(() => prepared.Value.Model);
        _completion = new Lazy<ImputationResult>(() => Imputer.Impute(Fit, Survey, Options.Fill, RunOptions, prepared.Value.Patterns, null,
            cancellation));
    }

    /// <summary>A table that has been completed.</summary>
    /// <param name="table">The table before it was completed.</param>
    /// <param name="completion">The completed table with its model.</param>
    /// <param name="options">How it was fitted and completed, and how to diagnose it.</param>
    /// <param name="run">Seed, threads and progress of the diagnostics.</param>
    /// <param name="cancellation">Cancels everything computed in this context.</param>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table does not have.</exception>
    public DiagnosticContext(Table table, ImputationResult completion, DiagnosticOptions? options = null,
        RunOptions? run = null, CancellationToken cancellation = default)
        : this(table, options, run, cancellation)
    {
        ArgumentNullException.ThrowIfNull(completion);
        _fit = new Lazy<FittedModel>(completion.Fit);
        _completion = new Lazy<ImputationResult>(completion);
    }

    /// <summary>The original table.</summary>
    public Table Table { get; }

    /// <summary>How the table is diagnosed.</summary>
    public DiagnosticOptions Options { get; }

    /// <summary>Seed of random starts, draws, samples of rows, permutations and hidden cells; threads; progress.</summary>
    public RunOptions RunOptions { get; }

    /// <summary>The cancellation token.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>What each column of the table is, and what a fit does with it; in the table's order.</summary>
    public IReadOnlyList<ColumnUse> ColumnUses => _uses.Value;

    /// <summary>The columns of <see cref="Patterns"/>, text included: all except excluded ones.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Missing-data patterns of <see cref="Columns"/>; null if there is no column or no row.</summary>
    public MissingPatterns? Patterns => _patterns.Value;

    /// <summary>The modelled columns as numbers; null where none can be modelled.</summary>
    public IncompleteMatrix? Matrix => _encoding.Value.Matrix;

    /// <summary>The modelled columns, categories among them, as numbers whose means can be compared.</summary>
    internal IReadOnlyList<Contrast> Contrasts => _contrasts.Value;

    /// <summary>Missing-data patterns of <see cref="Matrix"/>; null if that is null.</summary>
    public MissingPatterns? MatrixPatterns => _matrixPatterns.Value;

    /// <summary>The table as its authors meant it, as far as its columns are modelled.</summary>
    internal SurveyReading Survey => _survey.Value;

    /// <summary>The fitted model; fitted on first access, which takes long on a large table.</summary>
    /// <exception cref="ImputationDataException">Nothing can be modelled.</exception>
    public FittedModel Fit => _fit.Value;

    /// <summary>Whether the model has been fitted already.</summary>
    public bool HasFit => _fit.IsValueCreated;

    /// <summary>The completed table.</summary>
    /// <exception cref="ImputationDataException">Nothing can be modelled, or the likelihood has no maximum.</exception>
    public ImputationResult ImputationResult => _completion.Value;

    /// <summary>All rows, or a sample of <see cref="DiagnosticOptions.SampleRows"/> if there are more: stratified by position, one row
    /// drawn with the seed from each of equal stretches of the table.</summary>
    /// <returns>Row indices from 0, ascending; the same each time.</returns>
    public int[] SampledRows() => StratifiedSample.Of(Table.RowCount, Options.SampleRows, RunOptions.Seed);

    /// <summary>The table with roles of columns, without what models take beside them; as it is where a rule of the codebook cannot be
    /// evaluated: then what needs no rule is described all the same.</summary>
    private Table Read(Table table)
    {
        try
        {
            return Survey.Table.With(beside: []);
        }
        catch (ImputationDataException)
        {
            return table;
        }
    }

    /// <summary>The column itself; for text, zeros where it is observed, so that it has patterns as numbers have.</summary>
    private static NumericColumn Presence(Column column)
    {
        if (column is NumericColumn numeric) return numeric;
        var values = new double[column.Count];
        for (int row = 0; row < values.Length; row++) values[row] = column.IsMissing(row) ? double.NaN : 0;
        return NumericColumn.Number(column.Name, values);
    }
}
