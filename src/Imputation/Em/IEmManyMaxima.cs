namespace Imputation.Em;

/// <summary>A model whose objective has many maxima, such as a mixture: started often, and only the best starts are run to their
/// ends.</summary>
/// <typeparam name="T">The parameters; immutable.</typeparam>
internal interface IEmManyMaxima<T> where T : class
{
    /// <summary>The model for short runs from all starts: this one, or a cheaper one of some of its rows.</summary>
    IEmModel<T> ShortRuns { get; }

    /// <summary>Iterations of a short run.</summary>
    int ShortIterations { get; }

    /// <summary>Number of runs, out of so many starts, that must come to a proper end.</summary>
    int LongRuns(int starts);

    /// <summary>Distance between two ends, 0 also where one is the other with its parts renamed.</summary>
    double EndDistance(T a, T b);

    /// <summary>Why a point is no answer, although the objective may be high there, as the end of "an end is improper: "; null where it is
    /// one. An improper end is never returned before a proper one.</summary>
    string? WhyImproper(T point);

    /// <summary>A point beside an end which is no maximum although no curvature shows it, such as one at which two components coincide;
    /// null where the end is none of these.</summary>
    T? Beside(T end);
}

/// <summary>An end that is no answer, although its objective may be the highest: see <see cref="IEmManyMaxima{T}.WhyImproper"/>.</summary>
/// <param name="Start">Index of the start.</param>
/// <param name="Parameters">Where the run ended.</param>
/// <param name="Objective">Objective there.</param>
/// <param name="Reason">Why it is improper.</param>
/// <typeparam name="T">The parameters.</typeparam>
internal sealed record EmImproperEnd<T>(int Start, T Parameters, double Objective, string Reason) where T : class;
