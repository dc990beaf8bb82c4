using Imputation.Models;
using Imputation.Models.StudentT;

namespace Imputation;

/// <summary>A fitted multivariate t distribution. Immutable.</summary>
public sealed class StudentTFit : FittedModel
{
    /// <summary>The model's name in model files.</summary>
    internal const string Name = "t";

    private SymmetricMatrix? _named;

    /// <param name="mean">p means; kept.</param>
    /// <param name="scatter">p × p; kept.</param>
    /// <param name="degreesOfFreedom">ν; infinite for the normal distribution.</param>
    internal StudentTFit(double[] mean, double[,] scatter, double degreesOfFreedom)
    {
        (MeanValues, ScatterValues, DegreesOfFreedom) = (mean, scatter, degreesOfFreedom);
        Mean = Array.AsReadOnly(mean);
    }

    /// <summary>Locations of the modelled columns; their means where ν > 1.</summary>
    /// <value>p numbers, in the units of the data.</value>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Scatter of the modelled columns. It is not their covariance, which is ν / (ν − 2) times it where ν > 2.</summary>
    /// <value>p × p, by place or by column names, divisor n, in the units of the data.</value>
    public SymmetricMatrix Scatter => _named ??= new SymmetricMatrix(Columns, ScatterValues);

    /// <summary>Degrees of freedom, ν: the fewer, the heavier the tails. Infinite where the data are no heavier than normal.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>The weight of each row of the table that was fitted, (ν + o) / (ν + δ) with o its observed columns and δ its squared
    /// distance: about 1 for most rows, near 0 for rows far from the others; NaN where nothing is observed. Empty for a fit read from a
    /// file.</summary>
    public IReadOnlyList<double> Weights { get; internal init; } = [];

    /// <inheritdoc/>
    public override string ModelName => Name;

    internal override string Description => "multivariate t";

    /// <summary>p means.</summary>
    internal double[] MeanValues { get; }

    /// <summary>p × p.</summary>
    internal double[,] ScatterValues { get; }

    internal override ModelMoments? Moments
    {
        get
        {
            if (!(DegreesOfFreedom > 2)) return null; // no covariance exists
            double factor = double.IsInfinity(DegreesOfFreedom) ? 1 : DegreesOfFreedom / (DegreesOfFreedom - 2);
            int p = MeanValues.Length;
            var covariance = new double[p, p];
            for (int i = 0; i < p; i++)
                for (int j = 0; j < p; j++) covariance[i, j] = factor * ScatterValues[i, j];
            return new ModelMoments(MeanValues, covariance);
        }
    }

    internal override IConditional Over(ModelFrame frame) => new StudentTFrame(this, frame);

    /// <remarks>Degrees of freedom that are null in the file, or not there, are infinite ones.</remarks>
    internal override IReadOnlyList<ModelParameter> Parameters =>
    [
        new("mean", MeanValues), new("scatter", ScatterValues), new("degreesOfFreedom", DegreesOfFreedom),
    ];

    /// <summary>Makes a fit from the parameters of a model file.</summary>
    internal static StudentTFit Read(IParameterReader file, FitReport report)
    {
        double degrees = file.Has("degreesOfFreedom") ? file.Number("degreesOfFreedom") : double.PositiveInfinity;
        if (!(degrees > 0))
            throw new ImputationDataException(FormattableString.Invariant(
                $"The model file's 'degreesOfFreedom' is {degrees:R}; expected a number greater than 0."));
        return new StudentTFit(file.Vector("mean", file.Columns.Count), file.Covariance("scatter"), degrees)
        {
            Columns = file.Columns,
            Report = report,
        };
    }
}
