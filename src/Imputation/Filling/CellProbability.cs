namespace Imputation;

/// <summary>The probability of one value of a filled cell.</summary>
/// <param name="Row">Row, counted from 1 without the header.</param>
/// <param name="Column">Column name.</param>
/// <param name="Level">The value, as text.</param>
/// <param name="Probability">Its probability given the observed cells of the row.</param>
public readonly record struct CellProbability(int Row, string Column, string Level, double Probability);
