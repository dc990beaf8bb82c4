using System.CommandLine.Parsing;
using System.Globalization;
using Imputation.Files;
using Imputation.Text;

namespace Imputation.Cli.Options;

/// <summary>Readers of single option values: in the invariant culture, and with a message that gives the range.</summary>
internal static class Values
{
    public static Func<ArgumentResult, int> Whole(int least, string what, int most = int.MaxValue) => result =>
        int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least
            && value <= most
            ? value
            : Refuse<int>(result, most == int.MaxValue ? $"expected {what}, a whole number of at least {least}"
                : $"expected {what}, a whole number from {least} to {TextFormat.Count(most)}");

    public static int Imputations(ArgumentResult result) =>
        !int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) || value < 1
            ? Refuse<int>(result, "expected a number of imputations of at least 2, such as 20")
        : value == 1 ? Refuse<int>(result, "one imputation does not show the uncertainty of the filled cells; only the variation "
            + "between imputations does. Expected at least 2; 20 is a good number")
        : value;

    public static ulong Seed(ArgumentResult result) =>
        ulong.TryParse(Text(result), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : Refuse<ulong>(result, "expected a whole number of at least 0");

    public static double? Positive(ArgumentResult result) =>
        double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0
            && double.IsFinite(value)
            ? value
            : Refuse<double?>(result, "expected a number greater than 0, such as 1e-8");

    public static double? DegreesOfFreedom(ArgumentResult result)
    {
        string text = Text(result);
        if (text.TrimStart('+').ToLowerInvariant() is "inf" or "infinity") return double.PositiveInfinity;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0
            && double.IsFinite(value)
            ? value
            : Refuse<double?>(result, "expected degrees of freedom greater than 0, such as 96, or Inf for a large sample");
    }

    public static double Share(ArgumentResult result) =>
        double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1
            ? value
            : Refuse<double>(result, "expected a number between 0 and 1, such as 0.95");

    /// <summary>A model by its name, with its number of components, classes or factors behind a colon.</summary>
    public static ModelOptions? Model(ArgumentResult result)
    {
        (string name, string? count) = Text(result).ToLowerInvariant().Split(':') switch
        {
            [var alone] => (alone, null),
            [var before, var behind] => (before, behind),
            _ => ("", null),
        };
        int k = -1;
        bool counts = count is not null && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out k);
        return (name, count) switch
        {
            ("normal", null) => NormalOptions.Default,
            ("latent", null) => LatentNormalOptions.Default,
            ("t", null) => StudentTOptions.Default,
            ("auto", null) => new BestModelOptions(),
            ("best", null) => new BestModelOptions { Combine = false },
            ("mixture", null) => new NormalMixtureOptions(),
            ("mixture", _) when k > 0 => new NormalMixtureOptions { Components = k },
            ("classes", null) => new LatentClassOptions(),
            ("classes", _) when k > 0 => new LatentClassOptions { Classes = k },
            ("factor", null) => FactorOptions.Default,
            ("factor", _) when counts => FactorOptions.Default with { Factors = k },
            _ => Refuse<ModelOptions?>(result, "expected normal, latent, mixture, mixture:K, classes, classes:K, factor, factor:Q, t, auto "
                + "or best, K being the number of components and Q that of factors, such as mixture:3"),
        };
    }

    public static MixtureShape? Shape(ArgumentResult result) => Text(result).ToLowerInvariant() switch
    {
        "full" => MixtureShape.Full,
        "tied" => MixtureShape.Tied,
        "diagonal" or "diag" => MixtureShape.Diagonal,
        "spherical" => MixtureShape.Spherical,
        _ => Refuse<MixtureShape?>(result, "expected full, tied, diagonal or spherical"),
    };

    public static MixtureCriterion Criterion(ArgumentResult result) => Text(result).ToLowerInvariant() switch
    {
        "bic" => MixtureCriterion.Bic,
        "icl" => MixtureCriterion.Icl,
        "hidden" => MixtureCriterion.Hidden,
        _ => Refuse<MixtureCriterion>(result, "expected bic, icl or hidden"),
    };

    /// <summary>One number, 3, or a range, 1..6.</summary>
    public static (int From, int To) Range(ArgumentResult result)
    {
        string[] ends = Text(result).Split("..");
        return ends.Length <= 2 && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int from) && from > 0
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int to) && to >= from
            ? (from, to) : Refuse<(int, int)>(result, "expected a number of components, such as 3, or a range, such as 1..6");
    }

    public static SqlDialect Dialect(ArgumentResult result) => Text(result).ToLowerInvariant() switch
    {
        "postgresql" or "postgres" => SqlDialect.PostgreSql,
        "duckdb" => SqlDialect.DuckDb,
        "spark" or "databricks" => SqlDialect.Spark,
        "bigquery" => SqlDialect.BigQuery,
        "snowflake" => SqlDialect.Snowflake,
        "trino" or "athena" or "presto" => SqlDialect.Trino,
        "clickhouse" => SqlDialect.ClickHouse,
        _ => Refuse<SqlDialect>(result, "expected postgresql, duckdb, spark, bigquery, snowflake, trino or clickhouse"),
    };

    public static FillMethod Method(ArgumentResult result) => Text(result).ToLowerInvariant() switch
    {
        "auto" => FillMethod.Auto,
        "mean" => FillMethod.Mean,
        "draw" => FillMethod.Draw,
        "pmm" => FillMethod.PredictiveMeanMatching,
        _ => Refuse<FillMethod>(result, "expected auto, mean, draw or pmm"),
    };

    public static MultipleMethod MultipleMethod(ArgumentResult result) => Text(result).ToLowerInvariant() switch
    {
        "emb" => Imputation.MultipleMethod.BootstrapEm,
        "da" => Imputation.MultipleMethod.DataAugmentation,
        _ => Refuse<MultipleMethod>(result, "expected emb or da"),
    };

    /// <summary>A size such as 2GB, 500MB or 1.5 GiB; units are powers of 1024.</summary>
    public static long? Memory(ArgumentResult result)
    {
        string text = Text(result).Trim().ToUpperInvariant();
        int digits = text.AsSpan().IndexOfAnyExcept("0123456789.") is var at and >= 0 ? at : text.Length;
        int power = text[digits..].Trim() switch
        {
            "KB" or "KIB" or "K" => 10,
            "MB" or "MIB" or "M" => 20,
            "GB" or "GIB" or "G" => 30,
            "TB" or "TIB" or "T" => 40,
            _ => -1,
        };
        return power > 0 && double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double size)
            && size * Math.Pow(2, power) is >= 1 << 26 and <= 1e15 and var bytes
            ? (long)bytes : Refuse<long?>(result, "expected a size of 64 MB or more, such as 500MB or 2GB");
    }

    public static string? ParquetEngine(ArgumentResult result) =>
        Text(result).ToLowerInvariant() is var engine and ("built-in" or "parquet.net")
            ? engine
            : Refuse<string>(result, "expected built-in or parquet.net");

    public static CovariancePrior? Prior(ArgumentResult result)
    {
        try
        {
            return CovariancePrior.Parse(Text(result));
        }
        catch (FormatException)
        {
            return Refuse<CovariancePrior>(result, "expected none, auto, jeffreys, or ridge:DF with DF greater than 0, such as ridge:1");
        }
    }

    /// <summary>One character, or its name: comma, semicolon, tab, pipe, space.</summary>
    public static char? Delimiter(ArgumentResult result) => Text(result) switch
    {
        "comma" => ',',
        "semicolon" => ';',
        "tab" or "\\t" => '\t',
        "pipe" => '|',
        "space" => ' ',
        { Length: 1 } text when text[0] is not ('"' or '\r' or '\n') => text[0],
        _ => Refuse<char>(result, "expected one character, or comma, semicolon, tab or pipe"),
    };

    /// <summary>One character, or its name: comma, point, space, apostrophe.</summary>
    public static char? Thousands(ArgumentResult result) => Text(result) switch
    {
        "comma" => ',',
        "point" or "dot" => '.',
        "space" or "blank" => ' ',
        "apostrophe" => '\'',
        { Length: 1 } text when !char.IsAsciiLetterOrDigit(text[0]) && text[0] is not ('"' or '+' or '-') => text[0],
        _ => Refuse<char>(result, "expected one character, or comma, point, space or apostrophe"),
    };

    /// <summary>LOW..HIGH, LOW.. or ..HIGH; null where it is none of these.</summary>
    public static Bounds? Bounds(string text)
    {
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0) return null;
        bool low = TryEnd(text[..dots], double.NegativeInfinity, out double lower),
            high = TryEnd(text[(dots + 2)..], double.PositiveInfinity, out double upper);
        return low && high && lower <= upper && !(double.IsInfinity(lower) && double.IsInfinity(upper)) ? new Bounds(lower, upper) : null;
    }

    private static bool TryEnd(string text, double open, out double end)
    {
        end = open;
        return text.Trim().Length == 0
            || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out end) && double.IsFinite(end));
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;

    private static T? Refuse<T>(ArgumentResult result, string expected)
    {
        string name = result.Parent is OptionResult { IdentifierToken: { } token } ? token.Value : "";
        result.AddError($"{name} {Text(result)}: {expected}.".TrimStart());
        return default;
    }
}
