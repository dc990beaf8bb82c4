namespace Imputation.Models;

/// <summary>An exact relation over the given columns: Σ cⱼ xⱼ = constant.</summary>
/// <param name="Coefficients">One for each column, 0 where it takes no part.</param>
/// <param name="Constant">The constant.</param>
internal sealed record RelationRow(double[] Coefficients, double Constant)
{
    /// <summary>A relation of a fit, over these columns.</summary>
    public static RelationRow From(LinearRelation relation, string[] columns)
    {
        var coefficients = new double[columns.Length];
        for (int k = 0; k < relation.Columns.Count; k++) coefficients[Array.IndexOf(columns, relation.Columns[k])] =
            relation.Coefficients[k];
        return new RelationRow(coefficients, relation.Constant);
    }

    /// <summary>The missing columns involved in relations: those determined by observed columns, and those that must complete a
    /// relation once its other missing columns are filled.</summary>
    /// <remarks>Gauss–Jordan elimination on the missing columns, later ones first: each column returned occurs in one relation
    /// only. What is left of a difference of coefficients is nothing where rounding explains it: by the size of these two, as a
    /// coefficient has its columns' units.</remarks>
    public static (IReadOnlyList<(int Column, RelationRow Relation)> Determined,
        IReadOnlyList<(int Column, RelationRow Relation)> Closed) SolveFor(IReadOnlyList<RelationRow> relations, int[] missing)
    {
        const double rounding = 1e-9;
        var rows = relations.Select(r => (Coefficients: (double[])r.Coefficients.Clone(), r.Constant)).ToArray();
        var pivots = new int[rows.Length];
        Array.Fill(pivots, -1);
        foreach (int j in missing.Reverse())
        {
            int row = Enumerable.Range(0, rows.Length).Where(k => pivots[k] < 0 && rows[k].Coefficients[j] != 0)
                .DefaultIfEmpty(-1).MaxBy(k => k < 0 ? 0 : Math.Abs(rows[k].Coefficients[j]));
            if (row < 0) continue;
            pivots[row] = j;
            for (int k = 0; k < rows.Length; k++)
            {
                double factor = rows[k].Coefficients[j] / rows[row].Coefficients[j];
                if (k == row || factor == 0) continue;
                for (int i = 0; i < rows[k].Coefficients.Length; i++)
                {
                    double mine = rows[k].Coefficients[i], taken = factor * rows[row].Coefficients[i];
                    bool isNothing = i == j || Math.Abs(mine - taken) <= rounding * Math.Max(Math.Abs(mine), Math.Abs(taken));
                    rows[k].Coefficients[i] = isNothing ? 0 : mine - taken;
                }
                rows[k].Constant -= factor * rows[row].Constant;
            }
        }
        var solved = Enumerable.Range(0, rows.Length).Where(k => pivots[k] >= 0)
            .Select(k => (Column: pivots[k], Relation: new RelationRow(rows[k].Coefficients, rows[k].Constant)))
            .ToLookup(s => missing.All(j => j == s.Column || s.Relation.Coefficients[j] == 0));
        return ([.. solved[true]], [.. solved[false]]);
    }

    /// <summary>The value of one column that makes the relation hold; rounded to 15 digits of its largest term, which removes the
    /// rounding error of adding decimal fractions.</summary>
    public double ValueOf(int column, ReadOnlySpan<double> x)
    {
        double sum = Constant, own = Coefficients[column], size = Math.Abs(Constant);
        for (int j = 0; j < Coefficients.Length; j++)
        {
            if (j == column || Coefficients[j] == 0) continue;
            double term = Coefficients[j] * x[j];
            sum -= term;
            size = Math.Max(size, Math.Abs(term));
        }
        double value = sum / own;
        if (value == 0 || size == 0) return value;
        int digits = 14 - (int)Math.Floor(Math.Log10(size / Math.Abs(own)));
        return digits is >= 0 and <= 15 ? Math.Round(value, digits) : value;
    }
}
