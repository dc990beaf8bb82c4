using Imputation.Diagnostics;
using Imputation.Reports.Mixtures;

namespace Imputation.Reports;

/// <summary>Mixtures that were compared, and the components of the best, as one HTML file that needs nothing beside it.</summary>
/// <remarks>Findings come first, then sizes, means, shares of levels, standard deviations, the rows in the columns that separate the
/// components best, and the criterion by number of components. The same input gives the same bytes; see <see
/// cref="ReportPage"/>.</remarks>
public static class MixturePage
{
    /// <summary>Maximum number of rows drawn in a chart; of more, a sample.</summary>
    public const int DrawnRows = ComponentPairs.MostRows;

    /// <summary>Writes a page as UTF-8 and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="table">The table that was fitted.</param>
    /// <param name="choice">The mixtures; of a single fit, a choice among one.</param>
    /// <param name="responsibilities">n × k, as <see cref="NormalMixtureFit.Responsibilities"/> of the best has them.</param>
    /// <param name="heading">Heading of the page.</param>
    /// <exception cref="ArgumentException">The responsibilities are of another table or another fit.</exception>
    public static void Write(Stream stream, Table table, MixtureChoice choice, double[,] responsibilities, ReportHeading heading)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(responsibilities);
        ArgumentNullException.ThrowIfNull(heading);
        NormalMixtureFit fit = choice.Best;
        int n = responsibilities.GetLength(0), k = responsibilities.GetLength(1);
        if (n != table.RowCount || k != fit.Components.Count)
            throw new ArgumentException($"The responsibilities are {n} × {k}; expected {table.RowCount} × {fit.Components.Count}, rows by "
                + "components.", nameof(responsibilities));
        Table read = fit.Read(table).Table;
        DiagnosticEntry?[] sections =
        [
            MixtureAccount.Of(table, read, fit), ComponentSizes.Of(read, fit, responsibilities), ComponentMeans.Of(fit),
            ComponentLevels.Of(fit), ComponentDeviations.Of(fit), ComponentPairs.Of(read, fit, responsibilities),
            CandidateCurve.Of(choice),
        ];
        ReportPage.Write(stream, [.. sections.OfType<DiagnosticEntry>()], heading);
    }
}
