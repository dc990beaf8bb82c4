namespace Imputation;

/// <summary>A named parameter of a model, as model files keep it.</summary>
/// <param name="Name">Its name in the file, such as <c>mean</c>.</param>
/// <param name="Value">A number (<see cref="double"/>), a vector (<c>double[]</c>), a matrix (<c>double[,]</c>) or a text.</param>
internal sealed record ModelParameter(string Name, object Value);
