namespace Imputation.Diagnostics;

/// <summary>Diagnoses a table: its missing cells, the model, and what the filling would do.</summary>
public static class TableDiagnosis
{
    /// <summary>Runs the built-in diagnostics, or those of a suite, on a table that has not been completed.</summary>
    /// <param name="table">The table; it is not changed.</param>
    /// <param name="options">The model, the filling and what tests need; the defaults where null.</param>
    /// <param name="suite">Which diagnostics; by default <see cref="DiagnosticSuite.Default"/>.</param>
    /// <param name="run">Seed of everything that is drawn, threads, and who is told of the iterations of the fit.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table lacks.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <example><code>
    /// DiagnosticReport report = CsvTable.Read("survey.csv").Diagnose(run: new RunOptions { Seed = 7 });
    /// foreach (Finding finding in report.Findings) Console.WriteLine(finding);
    /// </code></example>
    public static DiagnosticReport Diagnose(this Table table, DiagnosticOptions? options = null, DiagnosticSuite? suite = null,
        RunOptions? run = null, CancellationToken cancellation = default) =>
        (suite ?? DiagnosticSuite.Default).Run(new DiagnosticContext(table, options, run, cancellation));
}
