namespace Imputation.Models;

/// <summary>The parameters of a model file, checked as they are read: anything unexpected is an
/// <see cref="ImputationDataException"/> that names the file and the member.</summary>
internal interface IParameterReader
{
    /// <summary>Names of the modelled columns.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Whether there is a parameter of that name.</summary>
    bool Has(string name);

    /// <summary>A finite number.</summary>
    double Number(string name);

    /// <summary>A text.</summary>
    string Text(string name);

    /// <summary>So many finite numbers.</summary>
    double[] Vector(string name, int length);

    /// <summary>Finite numbers, however many.</summary>
    double[] Vector(string name);

    /// <summary>Texts, however many.</summary>
    string[] Texts(string name);

    /// <summary>A matrix of finite numbers.</summary>
    double[,] Matrix(string name, int rows, int columns);

    /// <summary>So many symmetric matrices of finite numbers, each of that order.</summary>
    double[][,] Symmetric(string name, int count, int order);

    /// <summary>The members of a member; its columns are its own where it has <c>columns</c>.</summary>
    IParameterReader Part(string name);

    /// <summary>The model that the members define, <c>model</c> being its name.</summary>
    /// <param name="report">The report on its fit.</param>
    FittedModel Model(FitReport report);

    /// <summary>A symmetric matrix whose diagonal is greater than 0.</summary>
    double[,] Covariance(string name);

    /// <summary>A symmetric matrix of p × p finite numbers.</summary>
    double[,] Symmetric(string name);

    /// <summary>The distinct points where starts ended.</summary>
    IReadOnlyList<IParameterReader> EndPoints { get; }
}
