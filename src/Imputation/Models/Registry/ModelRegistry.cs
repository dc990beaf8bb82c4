using Imputation.Models.Mixture;
using Imputation.Text;

namespace Imputation.Models.Registry;

/// <summary>The models that a program knows, by name: how the parameters of each are read from a model file, and the
/// choice where none is named. Immutable.</summary>
internal sealed class ModelRegistry
{
    private readonly Entry[] _entries;

    private ModelRegistry(Entry[] entries) => _entries = entries;

    /// <summary>The models of the toolkit.</summary>
    public static ModelRegistry Default { get; } = new(
    [
        new Entry(NormalFit.Name, NormalFit.Read),
        new Entry(LatentNormalFit.Name, LatentNormalFit.Read),
        new Entry(NormalMixtureFit.Name, (file, report) => MixtureFile.Read(file, report, classes: false)),
        new Entry(NormalMixtureFit.ClassesName, (file, report) => MixtureFile.Read(file, report, classes: true)),
        new Entry(FactorFit.Name, FactorFit.Read),
        new Entry(StudentTFit.Name, StudentTFit.Read),
        new Entry(StackFit.Name, StackFit.Read),
    ]);

    /// <summary>Names of the models.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Select(e => e.Name)];

    /// <summary>How a model is chosen and fitted where none is named.</summary>
    public ModelOptions DefaultOptions { get; } = new AutomaticOptions();

    /// <summary>These models and one more.</summary>
    /// <param name="name">Its name in model files.</param>
    /// <param name="read">Makes the model from its parameters.</param>
    public ModelRegistry With(string name, Func<IParameterReader, FitReport, FittedModel> read) =>
        new([.. _entries.Where(e => e.Name != name), new Entry(name, read)]);

    /// <summary>Creates the model with that name from the contents of a file; null where no model has that name.</summary>
    public Func<IParameterReader, FitReport, FittedModel>? Reader(string name) => _entries.FirstOrDefault(e => e.Name == name)?.Read;

    /// <summary>The models in words.</summary>
    public override string ToString() => TextFormat.Names(Names);

    private sealed record Entry(string Name, Func<IParameterReader, FitReport, FittedModel> Read);
}
