using Imputation.Reports.Html;

namespace Imputation.Reports.Charts;

/// <summary>A linear scale from data to places in a drawing, with ticks at round numbers.</summary>
internal sealed class Axis
{
    /// <summary>Numbers beyond this are not drawn: their differences would overflow.</summary>
    public const double Largest = 1e300;

    private readonly double _from;
    private readonly double _to;

    private Axis(double minimum, double maximum, double from, double to, double[] ticks, double step)
    {
        Minimum = minimum;
        Maximum = maximum;
        _from = from;
        _to = to;
        Ticks = ticks;
        Step = step;
    }

    /// <summary>The number at the beginning.</summary>
    public double Minimum { get; }

    /// <summary>The number at the end; greater than <see cref="Minimum"/>.</summary>
    public double Maximum { get; }

    /// <summary>Round numbers between them, ascending; at least one.</summary>
    public double[] Ticks { get; }

    /// <summary>Distance between two ticks.</summary>
    public double Step { get; }

    /// <summary>Whether a number can be drawn.</summary>
    public static bool IsDrawable(double value) => Math.Abs(value) <= Largest;

    /// <summary>An axis that reaches over all drawable numbers of the data with a little room about them.</summary>
    /// <param name="values">The data; numbers that cannot be drawn are ignored.</param>
    /// <param name="ticks">About how many ticks.</param>
    /// <param name="fromZero">Whether the axis begins at 0 without room before it, for lengths and densities that are not negative.</param>
    /// <param name="whole">Whether all of the data are whole numbers, which have no halves: iterations, components.</param>
    public static Axis Over(IEnumerable<double> values, int ticks = 5, bool fromZero = false, bool whole = false)
    {
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!IsDrawable(value)) continue;
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }
        if (minimum > maximum) (minimum, maximum) = (0, 1);
        if (fromZero) (minimum, maximum) = (Math.Min(0, minimum), Math.Max(0, maximum));

        // All equal, or too close for ticks to distinguish them.
        double size = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        if (maximum - minimum <= 1e-11 * size || maximum - minimum < 1e-290)
        {
            double half = size < 1e-280 ? 1 : 0.1 * size;
            (minimum, maximum) = (fromZero ? 0 : minimum - half, maximum + half);
            return Between(minimum, maximum, ticks);
        }
        double room = 0.04 * (maximum - minimum);
        return Between(fromZero && minimum == 0 ? 0 : minimum - room, maximum + room, ticks, whole);
    }

    /// <summary>An axis with ends that are given.</summary>
    public static Axis Between(double minimum, double maximum, int ticks = 5, bool whole = false)
    {
        double step = NiceStep((maximum - minimum) / Math.Max(1, ticks));
        if (whole && step is < 1 or 2.5) step = step < 1 ? 1 : 5;
        var at = new List<double>();
        for (double k = Math.Ceiling(minimum / step - 1e-9); k * step <= maximum + 1e-9 * step && at.Count < 50; k++)
            at.Add(k == 0 ? 0 : k * step);
        if (at.Count == 0) at.Add(minimum);
        return new Axis(minimum, maximum, 0, 1, [.. at], step);
    }

    /// <summary>The same axis, drawn from one place to another.</summary>
    public Axis Drawn(double from, double to) => new(Minimum, Maximum, from, to, Ticks, Step);

    /// <summary>Position of a number in the drawing.</summary>
    public double this[double value] => _from + (value - Minimum) / (Maximum - Minimum) * (_to - _from);

    /// <summary>Labels of the ticks: all with the same decimals, or all as powers of ten.</summary>
    public string[] Labels(bool inPercent = false)
    {
        if (inPercent) return [.. Ticks.Select(t => NumberText.Fixed(100 * t, Decimals(100 * Step)) + "\u202F%")];
        double size = Ticks.Max(Math.Abs);
        int decimals = Decimals(Step);
        int digits = size == 0 ? 1 : (int)Math.Floor(Math.Log10(size) + 1e-9) - (int)Math.Floor(Math.Log10(Step) + 1e-9) + 1;
        bool powers = (size >= 1e6 || decimals > 4) && digits <= 6;
        return [.. Ticks.Select(t => t == 0 ? "0" : powers ? NumberText.Scientific(t, Math.Max(1, digits + (IsWholeStep() ? 0 : 1)))
            : NumberText.Fixed(t, Math.Min(decimals, 15)))];
    }

    /// <summary>The round step next to a rough one: 1, 2, 2.5 or 5 times a power of ten.</summary>
    private static double NiceStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double lead = rough / power;
        return power * (lead <= 1.0000001 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10);
    }

    /// <summary>Whether the step is one digit: 2, not 2.5.</summary>
    private bool IsWholeStep() => Math.Abs(Step / Math.Pow(10, Math.Floor(Math.Log10(Step) + 1e-9)) - 2.5) > 0.01;

    private static int Decimals(double step)
    {
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        double scaled = step * Math.Pow(10, decimals);
        return Math.Abs(scaled - Math.Round(scaled)) > 0.01 ? decimals + 1 : decimals;
    }
}
