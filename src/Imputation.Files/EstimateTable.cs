using System.Globalization;
using Imputation.Text;

namespace Imputation.Files;

/// <summary>The estimates of an analysis that was run on each of several completed tables, from a table with a row for each imputation and
/// term: columns imputation, term, estimate, std.error and, optionally, df (or df.residual) and y.level.</summary>
/// <param name="Imputations">The names of the imputations, in the order in which they appear; at least two.</param>
/// <param name="Terms">The terms in the order in which they appear, each with an estimate for every imputation.</param>
public sealed record EstimateTable(IReadOnlyList<string> Imputations, IReadOnlyList<TermEstimates> Terms)
{
    private const string Imputation = "imputation", Term = "term", Estimate = "estimate", StandardError = "std.error",
        DegreesOfFreedom = "df", ResidualDegreesOfFreedom = "df.residual"; // broom's name

    /// <summary>Columns that tell terms of one name apart: y.level is broom's name.</summary>
    private static readonly string[] s_levels = ["y.level", "y_level", "outcome.level", "outcome_level", "outcome", "level", "response",
        "component"];

    /// <summary>Read options for a file of estimates: names may look like numbers, and estimates like identifiers; a df may be written Inf.
    /// Other columns may have any content.</summary>
    public static TableReadOptions ReadOptions { get; } = new()
    {
        MixedColumns = new HashSet<string>([Imputation, Term, DegreesOfFreedom, ResidualDegreesOfFreedom, .. s_levels],
            StringComparer.OrdinalIgnoreCase),
        NumericColumns = new HashSet<string>([Estimate, StandardError], StringComparer.OrdinalIgnoreCase),
        OtherColumnsMayMix = true, // such as p-values written <0.001
    };

    /// <summary>Finds the columns by name, in any case and order, and checks that each imputation has each term exactly
    /// once.</summary>
    /// <param name="table">The table.</param>
    /// <param name="completeDegreesOfFreedom">Degrees of freedom of the complete-data analysis for all terms, in place of a column df;
    /// without either, a large sample is assumed.</param>
    /// <exception cref="ImputationDataException">A column, a row or a value that cannot be pooled.</exception>
    public static EstimateTable Of(Table table, double? completeDegreesOfFreedom = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        Column imputations = Required(table, Imputation), terms = Required(table, Term);
        double[] estimates = Numbers(Required(table, Estimate)), errors = Numbers(Required(table, StandardError));
        Column? freedom = completeDegreesOfFreedom is null ? Find(table, DegreesOfFreedom) ?? Find(table, ResidualDegreesOfFreedom) : null;
        double[]? degrees = freedom is null ? null : Numbers(freedom, infinite: true);
        if (table.RowCount == 0) throw new ImputationDataException("The table has no rows; expected one for each imputation and term.");

        Column? levels = Levels(table, imputations, terms);
        var places = new Dictionary<((string? Level, string Name) Term, string Imputation), int>();
        var imputationNames = new List<string>();
        var termNames = new List<(string? Level, string Name)>();
        var seen = (Imputations: new HashSet<string>(), Terms: new HashSet<(string?, string)>());
        for (int row = 0; row < table.RowCount; row++)
        {
            string imputation = Name(imputations, row), term = Name(terms, row);
            (string? Level, string Name) key = (levels is null ? null : Name(levels, row), term);
            if (seen.Imputations.Add(imputation)) imputationNames.Add(imputation);
            if (seen.Terms.Add(key)) termNames.Add(key);
            if (!places.TryAdd((key, imputation), row))
                throw new ImputationDataException($"Row {row + 1}: term '{term}' of imputation {imputation} is already in row "
                    + $"{places[(key, imputation)] + 1}; expected one row per term and imputation. If terms belong to levels "
                    + "of the outcome, name these in a column y.level, or in the terms: 'B: x'.", terms.Name, row + 1);
            if (errors[row] < 0)
                throw new ImputationDataException(
                    $"Column '{Required(table, StandardError).Name}', row {row + 1}: {Text(errors[row])} for term '{term}' of imputation "
                        + $"{imputation} is negative; expected a standard error, 0 or more.", StandardError, row + 1);
            if (degrees?[row] <= 0)
                throw new ImputationDataException($"Column '{freedom!.Name}', row {row + 1}: {Text(degrees[row])} for term '{term}' of "
                    + $"imputation {imputation}; expected degrees of freedom greater than 0, or Inf.", freedom.Name, row + 1);
        }
        if (imputationNames.Count == 1)
            throw new ImputationDataException(
                $"Column '{imputations.Name}': all {table.RowCount} rows belong to imputation {imputationNames[0]}; the "
                    + "between-imputation variance cannot be estimated from one imputation, and without it standard errors would be too "
                    + "small. Expected at least 2; 20 is a good number.", imputations.Name);
        return new EstimateTable(imputationNames, [.. termNames.Select(key =>
        {
            string term = key.Level is null ? key.Name : $"{key.Level}: {key.Name}";
            int[] rows = [.. imputationNames.Select(imputation => places.TryGetValue((key, imputation), out int row) ? row
                : throw Lacking(term, imputation, imputationNames.Where(other => places.ContainsKey((key, other)))))];
            return new TermEstimates(key.Name, [.. rows.Select(row => estimates[row])], [.. rows.Select(row => errors[row])],
                completeDegreesOfFreedom ?? (degrees is null ? double.PositiveInfinity : One(term, freedom!.Name, degrees, rows)))
            { Level = key.Level };
        })]);
    }

    /// <summary>The column of the outcome's levels, where the terms of an imputation are not unique without it.</summary>
    private static Column? Levels(Table table, Column imputations, Column terms)
    {
        var rows = Enumerable.Range(0, table.RowCount).Select(row => (imputations.Value(row), terms.Value(row)));
        if (rows.Distinct().Count() == table.RowCount) return null;
        return s_levels.Select(name => Find(table, name)).FirstOrDefault(column => column is { MissingCount: 0 });
    }

    /// <summary>Pools the estimates of each term by Rubin's rules, see <see cref="global::Imputation.Pool.Scalars"/>.</summary>
    /// <param name="confidence">Coverage of the intervals, between 0 and 1.</param>
    /// <exception cref="ImputationDataException">A standard error whose square a double cannot hold, or estimates that cannot be
    /// pooled.</exception>
    public IReadOnlyList<PooledTerm> Pool(double confidence = 0.95) => [.. Terms.Select(term => Pooled(term, confidence))];

    private static PooledTerm Pooled(TermEstimates term, double confidence)
    {
        foreach (double error in term.StandardErrors)
        {
            if (error > 0 && !double.IsNormal(error * error))
                throw new ImputationDataException($"Term '{term.FullName}': the standard error {Text(error)} is too "
                    + $"{(error < 1 ? "small" : "large")} for its square to be held in a double; give this term's estimates and standard "
                    + $"errors in {(error < 1 ? "smaller" : "larger")} units.");
        }
        try
        {
            return new PooledTerm(term.Term, global::Imputation.Pool.Scalars(term.Estimates,
                [.. term.StandardErrors.Select(error => error * error)], term.CompleteDegreesOfFreedom, confidence))
            { Level = term.Level };
        }
        catch (ArgumentException exception)
        {
            string message = exception.Message.Replace($" (Parameter '{exception.ParamName}')", "");
            throw new ImputationDataException($"Term '{term.FullName}': {message}");
        }
    }

    private static ImputationDataException Lacking(string term, string imputation, IEnumerable<string> others) => new(
        $"Term '{term}' has no row for imputation {imputation}, only for {string.Join(", ", others)}; expected one for each imputation. "
            + "Add it, or remove the term from all imputations.", Term);

    /// <summary>The complete-data degrees of freedom of a term, which are the same for every imputation.</summary>
    private static double One(string term, string column, double[] degrees, int[] rows)
    {
        int other = rows.FirstOrDefault(row => degrees[row] != degrees[rows[0]], -1);
        return other < 0 ? degrees[rows[0]] : throw new ImputationDataException(
            $"Column '{column}', row {other + 1}: {Text(degrees[other])} for term '{term}', but {Text(degrees[rows[0]])} in row "
                + $"{rows[0] + 1}; expected the same complete-data degrees of freedom for every imputation. Set them with --df.",
                column, other + 1);
    }

    private static Column Required(Table table, string name) => Find(table, name) ?? throw new ImputationDataException(
        $"There is no column '{name}'; the table has {TextFormat.Names(table.Columns.Select(c => c.Name))}. Expected imputation, term, "
            + $"estimate and std.error.{TextFormat.Hint(name, table.Columns.Select(c => c.Name))}");

    private static Column? Find(Table table, string name)
    {
        Column[] found = [.. table.Columns.Where(c => c.Name.Trim().Equals(name, StringComparison.OrdinalIgnoreCase))];
        return found.Length <= 1 ? found.FirstOrDefault() : throw new ImputationDataException(
            $"Columns {string.Join(" and ", found.Select(c => $"'{c.Name}'"))} are both read as {name}; expected one.", found[1].Name);
    }

    private static string Name(Column column, int row) => column.Value(row) switch
    {
        null => throw new ImputationDataException($"Column '{column.Name}', row {row + 1}: the cell is missing; expected a name or number.",
            column.Name, row + 1),
        double number => Text(number),
        object value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>The numbers of a column; with <paramref name="infinite"/> an empty cell or Inf is infinity, otherwise they are
    /// refused.</summary>
    private static double[] Numbers(Column column, bool infinite = false)
    {
        var numbers = new double[column.Count];
        for (int row = 0; row < numbers.Length; row++)
        {
            object? value = column.Value(row);
            string text = value is double number ? Text(number) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (infinite && (value is null || text.TrimStart('+').ToLowerInvariant() is "inf" or "infinity"))
                numbers[row] = double.PositiveInfinity;
            else if (value is null)
                throw new ImputationDataException($"Column '{column.Name}', row {row + 1}: the cell is missing; expected a number.",
                    column.Name, row + 1);
            else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[row])
                || !double.IsFinite(numbers[row]))
                throw new ImputationDataException($"Column '{column.Name}', row {row + 1}: '{text}' is not a number.", column.Name,
                    row + 1);
        }
        return numbers;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
