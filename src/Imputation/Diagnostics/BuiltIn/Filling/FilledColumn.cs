using Imputation.Numerics;

namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>The values of a column that were observed and those that were filled in, each sorted.</summary>
internal sealed class FilledColumn
{
    private FilledColumn(NumericColumn column, double[] observed, double[] filled)
    {
        Column = column;
        Observed = observed;
        Filled = filled;
        OfObserved = SampleMoments.Of(observed);
        OfFilled = SampleMoments.Of(filled);
        OfCompleted = OfObserved.Merge(OfFilled);
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
    public SampleMoments OfObserved { get; }

    /// <summary>The same of what was filled in.</summary>
    public SampleMoments OfFilled { get; }

    /// <summary>The same of both.</summary>
    public SampleMoments OfCompleted { get; }

    /// <summary>(mean filled − mean observed) / standard deviation of what was observed.</summary>
    public double StandardisedDifference => (OfFilled.Mean - OfObserved.Mean) / OfObserved.StandardDeviation;

    /// <summary>Standard deviation of the completed column over that of what was observed.</summary>
    public double DeviationRatio => OfCompleted.StandardDeviation / OfObserved.StandardDeviation;

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
}
