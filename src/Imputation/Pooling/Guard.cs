using System.Globalization;

namespace Imputation.Pooling;

/// <summary>Checks whether estimates can be pooled; the messages say why not.</summary>
internal static class Guard
{
    /// <exception cref="ArgumentException">None or only one.</exception>
    public static void UnlessSeveral(int imputationCount, string parameter)
    {
        if (imputationCount <= 0) throw new ArgumentException("There are no imputations to pool; expected at least 2.", parameter);
        if (imputationCount == 1)
            throw new ArgumentException(
                "There is only 1 imputation: the between-imputation variance cannot be estimated, and without it standard errors are "
                    + "too small. Expected at least 2; 20 is a good number.", parameter);
    }

    /// <exception cref="ArgumentException">Lists of different lengths.</exception>
    public static void UnlessAsMany(int count, int expected, string what, string of, string parameter)
    {
        if (count != expected)
            throw new ArgumentException($"There are {count} {what} for {expected} {of}; expected one for each imputation.", parameter);
    }

    /// <exception cref="ArgumentException">NaN or an infinity.</exception>
    public static void UnlessFinite(double value, int index, string what, string parameter)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"Imputation {index + 1}: {what} is {Text(value)}; expected a finite number.", parameter);
    }

    /// <exception cref="ArgumentException">NaN, an infinity, or below 0.</exception>
    public static void UnlessVariance(double value, int index, string what, string parameter)
    {
        UnlessFinite(value, index, what, parameter);
        if (value < 0)
            throw new ArgumentException($"Imputation {index + 1}: {what} is {Text(value)}; expected the square of a standard error, "
                + "0 or more.", parameter);
    }

    /// <exception cref="ArgumentException">Beyond all doubles.</exception>
    public static void UnlessInRange(double between, string parameter)
    {
        if (!double.IsFinite(between))
            throw new ArgumentException("The between-imputation variance overflows a double; use larger units.", parameter);
    }

    /// <exception cref="ArgumentOutOfRangeException">NaN, or not above 0.</exception>
    public static void UnlessDegreesOfFreedom(double value, string parameter)
    {
        if (!(value > 0))
            throw new ArgumentOutOfRangeException(parameter,
                $"The complete-data degrees of freedom are {Text(value)}; expected a number greater than 0, such as rows minus "
                    + $"coefficients, or infinity for a large sample.");
    }

    /// <exception cref="ArgumentOutOfRangeException">NaN, or not strictly between 0 and 1.</exception>
    public static void UnlessConfidence(double value, string parameter)
    {
        if (!(value is > 0 and < 1)) throw new ArgumentOutOfRangeException(parameter,
            $"The confidence is {Text(value)}; expected a number between 0 and 1, such as 0.95.");
    }

    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static void UnlessParameters(int count, string parameter)
    {
        if (count < 1) throw new ArgumentOutOfRangeException(parameter,
            $"The number of tested parameters is {count}; expected at least 1.");
    }

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
