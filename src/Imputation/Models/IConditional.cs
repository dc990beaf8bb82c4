namespace Imputation.Models;

/// <summary>A model's conditional distributions of missing cells given observed ones, over the rows of one table
/// (<see cref="ModelFrame"/>).</summary>
/// <remarks>Columns are counted in the frame. Values are in the units of the data; those of a categorical column are indices of its
/// levels.</remarks>
internal interface IConditional
{
    /// <summary>Whether a cell's conditional distribution is normal, with a standard deviation that depends on the row's pattern
    /// alone.</summary>
    bool IsNormalByPattern { get; }

    /// <summary>Whether <see cref="IRowConditional.Prediction"/> depends on the row's pattern alone too, and not on its observed values.
    /// To ask it may take as long as standard errors do.</summary>
    bool IsPredictionByPattern => IsNormalByPattern;

    /// <summary>A workspace for one thread.</summary>
    IRowConditional Workspace();

    /// <summary>A workspace for one thread that predicts observed cells from the others of their rows; null where the model
    /// cannot.</summary>
    ICellPredictor? Predictor();

    /// <summary>Conditional means of all missing cells, pattern by pattern: for a model that has a faster way than row by row.</summary>
    /// <param name="receive">Given the means; called from several threads, each cell once.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    /// <returns>False, with nothing received, where the model has no such way.</returns>
    bool TryMeans(MeansReceiver receive, ParallelOptions parallel);
}

/// <summary>Receives conditional means.</summary>
/// <param name="column">The column (in the frame).</param>
/// <param name="rows">The rows.</param>
/// <param name="standardised">Their means on the model's own scale: the value is <paramref name="center"/> + <paramref name="scale"/> times
/// it.</param>
/// <param name="stride">Distance between two of them.</param>
/// <param name="center">Centre of the column.</param>
/// <param name="scale">Scale of the column.</param>
/// <param name="nothingObserved">Whether nothing is observed in these rows.</param>
internal delegate void MeansReceiver(int column, ReadOnlySpan<int> rows, ReadOnlySpan<double> standardised, int stride, double center,
    double scale, bool nothingObserved);

/// <summary>The conditional distribution of one row's missing cells. First <see cref="Begin"/> for a pattern, then <see cref="Given"/> for
/// each row.</summary>
internal interface IRowConditional
{
    /// <summary>Prepares for rows with these columns observed and these missing; results come in the order of <paramref name="missing"/>.
    /// False where the conditional distribution cannot be computed.</summary>
    /// <param name="observed">Observed columns; may be empty.</param>
    /// <param name="missing">Missing columns.</param>
    /// <param name="draws">Whether <see cref="Draw"/> or <see cref="Next"/> will be called.</param>
    bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws);

    /// <summary>Takes a row: the cells of all columns; only observed ones are read.</summary>
    void Given(ReadOnlySpan<double> cells);

    /// <summary>Conditional mean of the a-th missing cell; for a category the most probable level.</summary>
    double Mean(int a);

    /// <summary>Conditional standard deviation of the a-th missing cell; where <see cref="IConditional.IsNormalByPattern"/>, before any row
    /// is given.</summary>
    double Deviation(int a);

    /// <summary>Spread of the prediction of the a-th missing cell about its conditional mean, the uncertainty of the estimates included
    /// where the model knows it; where <see cref="IConditional.IsPredictionByPattern"/>, before any row is given.</summary>
    PredictiveSpread Prediction(int a) => new(Deviation(a), double.PositiveInfinity);

    /// <summary>Quantile of the a-th missing cell's conditional distribution.</summary>
    /// <param name="a">Index of the missing cell.</param>
    /// <param name="probability">Between 0 and 1.</param>
    double Quantile(int a, double probability);

    /// <summary>Continuous ranked probability score of the a-th cell's conditional distribution against a value, in the units of the
    /// column.</summary>
    double Crps(int a, double value);

    /// <summary>Whether the conditional mean of the a-th missing cell lies between humps of its distribution, where hardly any value
    /// is.</summary>
    bool IsUndecided(int a) => false;

    /// <summary>Number of values that have a probability in the a-th missing cell; 0 where the model gives none.</summary>
    int LevelCount(int a) => 0;

    /// <summary>The value of one of them, as <see cref="Mean"/> would return it.</summary>
    /// <param name="a">Index of the missing cell.</param>
    /// <param name="level">Which of them.</param>
    double LevelValue(int a, int level) => level;

    /// <summary>Their probabilities.</summary>
    /// <param name="a">Index of the missing cell.</param>
    /// <param name="target">Receives <see cref="LevelCount"/> numbers that add up to 1.</param>
    void Probabilities(int a, Span<double> target) { }

    /// <summary>Log density of the row's observed cells, on the scale of the data.</summary>
    double LogDensity { get; }

    /// <summary>A joint draw of the missing cells, truncated to bounds. Columns with bounds must come first among the missing
    /// ones.</summary>
    /// <param name="row">Row number, which keys the draw.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="bounds">Bounds of each missing cell.</param>
    /// <param name="values">Receives the draw.</param>
    /// <returns>Whether the first draw fell outside the bounds.</returns>
    bool Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values);

    /// <summary>Conditional mean of the a-th missing cell given the row and the cells before it that were
    /// <see cref="Fix">fixed</see>.</summary>
    double Next(int a);

    /// <summary>Fixes the a-th missing cell, after <see cref="Next"/> for it.</summary>
    /// <param name="a">Index of the missing cell.</param>
    /// <param name="value">Its value.</param>
    void Fix(int a, double value);
}

/// <summary>Predicts observed numbers of a row from its other observed cells.</summary>
internal interface ICellPredictor
{
    /// <summary>Prepares for rows of a pattern. False where it cannot be computed.</summary>
    bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing);

    /// <summary>Takes a row: the cells of all columns; only observed ones are read.</summary>
    void Given(ReadOnlySpan<double> cells);

    /// <summary>The prediction of an observed number, leaving that cell out; NaN where there is none.</summary>
    double LeavingOut(int column);
}
