namespace Imputation.Surveys.Derived;

/// <summary>An interval of numbers.</summary>
/// <param name="Lower">Lower end; may be −∞.</param>
/// <param name="Upper">Upper end; may be +∞.</param>
/// <param name="IsLowerOpen">Whether the lower end is not in it.</param>
/// <param name="IsUpperOpen">Whether the upper end is not in it.</param>
internal readonly record struct Interval(double Lower, double Upper, bool IsLowerOpen = false, bool IsUpperOpen = false)
{
    /// <summary>All numbers.</summary>
    public static Interval All { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool IsEmpty => !(Lower < Upper || (Lower == Upper && !IsLowerOpen && !IsUpperOpen));

    public bool Contains(double x) => (x > Lower || (x == Lower && !IsLowerOpen)) && (x < Upper || (x == Upper && !IsUpperOpen));

    public Interval Intersect(Interval other) => new(Math.Max(Lower, other.Lower), Math.Min(Upper, other.Upper),
        Lower > other.Lower ? IsLowerOpen : other.Lower > Lower ? other.IsLowerOpen : IsLowerOpen || other.IsLowerOpen,
        Upper < other.Upper ? IsUpperOpen : other.Upper < Upper ? other.IsUpperOpen : IsUpperOpen || other.IsUpperOpen);

    /// <summary>The image under a function that increases, or decreases.</summary>
    public Interval Map(Func<double, double> function, bool decreases = false) => decreases
        ? new Interval(function(Upper), function(Lower), IsUpperOpen, IsLowerOpen)
        : new Interval(function(Lower), function(Upper), IsLowerOpen, IsUpperOpen);

    /// <summary>The number of the interval that is nearest to another.</summary>
    /// <param name="x">The other.</param>
    /// <param name="step">How far inside an end that is not in it.</param>
    public double Nearest(double x, double step)
    {
        if (Contains(x)) return x;
        step = Math.Min(step, (Upper - Lower) / 2);
        return x <= Lower ? Lower + (IsLowerOpen ? step : 0) : Upper - (IsUpperOpen ? step : 0);
    }

    /// <summary>The places of the numbers that lie in it: the first, and the one behind the last.</summary>
    /// <param name="sorted">Numbers, ascending.</param>
    public (int From, int To) Places(double[] sorted)
    {
        (double lower, double upper, bool lowerOpen, bool upperOpen) = this;
        return (First(x => x > lower || (x == lower && !lowerOpen)), First(x => x > upper || (x == upper && upperOpen)));

        int First(Func<double, bool> holds)
        {
            int from = 0, to = sorted.Length;
            while (from < to)
            {
                int middle = (from + to) / 2;
                if (holds(sorted[middle])) to = middle;
                else from = middle + 1;
            }
            return from;
        }
    }
}
