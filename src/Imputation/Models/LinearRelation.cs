using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Imputation;

/// <summary>A linear relation, exact or too close to it for double precision: Σ cⱼ xⱼ = constant in every row where all its columns
/// are observed.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record LinearRelation
{
    internal LinearRelation(IReadOnlyList<string> columns, IReadOnlyList<double> coefficients, double constant, int rowCount,
        double unexplained = 0)
    {
        Columns = columns;
        Coefficients = coefficients;
        Constant = constant;
        RowCount = rowCount;
        Unexplained = unexplained;
    }

    /// <summary>Names of the columns concerned, two or more.</summary>
    public IReadOnlyList<string> Columns { get; internal init; }

    /// <summary>Their coefficients cⱼ, none 0; the last column's is −1.</summary>
    public IReadOnlyList<double> Coefficients { get; internal init; }

    /// <summary>The constant on the right.</summary>
    public double Constant { get; internal init; }

    /// <summary>Number of rows in which all the columns are observed, and in which the relation holds.</summary>
    public int RowCount { get; internal init; }

    /// <summary>1 − R² of the last column on the others: the share of its variance that the relation leaves.</summary>
    /// <value>0 where the relation holds to the last digits that a double has; else above 0 and below 1e-10.</value>
    public double Unexplained { get; internal init; }

    /// <summary>Whether it holds, in the middle of a sentence: exactly, or so closely that double precision shows no difference.</summary>
    internal string Holds => Unexplained == 0 ? $"{this} holds exactly"
        : $"{this} cannot be distinguished from an exact relation in double precision (R² = 1 − "
            + $"{Unexplained.ToString("G2", CultureInfo.InvariantCulture)})";

    /// <summary>The relation solved for its last column, as in <c>ts = sws + ps</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Columns[^1]).Append(" =");
        bool first = true;
        for (int k = 0; k < Columns.Count - 1; k++)
        {
            double c = Coefficients[k] / -Coefficients[^1];
            text.Append(first ? (c < 0 ? " -" : " ") : c < 0 ? " - " : " + ");
            if (Math.Abs(c) != 1) text.Append(Format(Math.Abs(c))).Append('*');
            text.Append(Columns[k]);
            first = false;
        }
        double constant = Constant / Coefficients[^1];
        if (constant != 0) text.Append(constant < 0 ? " - " : " + ").Append(Format(Math.Abs(constant)));
        return text.ToString();
    }

    private static string Format(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
