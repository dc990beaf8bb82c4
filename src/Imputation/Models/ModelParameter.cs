namespace Imputation.Models;

/// <summary>A named parameter of a model, as model files keep it.</summary>
/// <param name="Name">Its name in the file, such as <c>mean</c>.</param>
/// <param name="Value">A number (<see cref="double"/>), a vector (<c>double[]</c>), a matrix (<c>double[,]</c>), several
/// of them (<c>double[][,]</c>), a text, texts, or parameters of its own.</param>
internal sealed record ModelParameter(string Name, object Value);
