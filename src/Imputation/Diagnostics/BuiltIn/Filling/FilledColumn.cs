using Imputation.Statistics;

namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>The values of a column that were observed and those that were filled in, each sorted.</summary>
internal sealed class FilledColumn
{
    private FilledColumn(NumericColumn column, double[] observed, double[] filled)
    {
        Column = column;
        Observed = observed;
        Filled = filled;
        OfObserved = SortedValues.MeanAndDeviation(observed);
        OfFilled = SortedValues.MeanAndDeviation(filled);
        OfCompleted = Pooled();
        BeyondBelow = filled.Count(x => observed.Length > 0 && x < observed[0]);
        BeyondAbove = filled.Count(x => observed.Length > 0 && x > observed[^1]);
    }

    /// <summary>The completed column.</summary>
    public NumericColumn Column { get; }

    /// <summary>What was observed, ascending.</summary>
    public double[] Observed { get; }

    /// <summary>What was filled in, ascending.</summary>
    public double[] Filled { get; }

    /// <summary>Both, ascending; made anew each time.</summary>
    public double[] Completed()
    {
        var completed = new double[Observed.Length + Filled.Length];
        for (int i = 0, a = 0, b = 0; i < completed.Length; i++)
            completed[i] = b == Filled.Length || (a < Observed.Length && Observed[a] <= Filled[b]) ? Observed[a++] : Filled[b++];
        return completed;
    }

    /// <summary>Filled values below the smallest observed one.</summary>
    public int BeyondBelow { get; }

    /// <summary>Filled values above the largest observed one.</summary>
    public int BeyondAbove { get; }

    /// <summary>Mean and standard deviation (divisor n − 1) of what was observed.</summary>
    public (double Mean, double Deviation) OfObserved { get; }

    /// <summary>The same of what was filled in.</summary>
    public (double Mean, double Deviation) OfFilled { get; }

    /// <summary>The same of both.</summary>
    public (double Mean, double Deviation) OfCompleted { get; }

    /// <summary>(mean filled − mean observed) / standard deviation of what was observed.</summary>
    public double StandardisedDifference => (OfFilled.Mean - OfObserved.Mean) / OfObserved.Deviation;

    /// <summary>Standard deviation of the completed column over that of what was observed.</summary>
    public double DeviationRatio => OfCompleted.Deviation / OfObserved.Deviation;

    /// <summary>Takes a completed column apart.</summary>
    public static FilledColumn Of(NumericColumn completed)
    {
        var observed = new List<double>();
        var filled = new List<double>();
        for (int row = 0; row < completed.Count; row++)
        {
            if (completed.IsMissing(row)) continue;
            (completed.WasFilled(row) ? filled : observed).Add(completed[row]);
        }
        double[] one = [.. observed], two = [.. filled];
        Array.Sort(one);
        Array.Sort(two);
        return new FilledColumn(completed, one, two);
    }

    private (double Mean, double Deviation) Pooled()
    {
        double n = Observed.Length, m = Filled.Length, apart = OfFilled.Mean - OfObserved.Mean;
        if (n == 0 || m == 0) return n == 0 ? OfFilled : OfObserved;
        double Spread((double Mean, double Deviation) of, double count) => count > 1 ? of.Deviation * Math.Sqrt(count - 1) : 0;
        double within = double.Hypot(Spread(OfObserved, n), Spread(OfFilled, m));
        return (OfObserved.Mean + m / (n + m) * apart, double.Hypot(within, Math.Sqrt(n * m / (n + m)) * apart) / Math.Sqrt(n + m - 1));
    }
}
