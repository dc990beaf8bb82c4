namespace Imputation.Tests.Shared;

/// <summary>Small dense matrices by the textbook: three nested loops, no pivoting, no blocking.</summary>
public static class NaiveMatrix
{
    /// <summary>L with L Lᵀ = a, L lower triangular.</summary>
    public static double[,] Cholesky(double[,] a)
    {
        int p = a.GetLength(0);
        var l = new double[p, p];
        for (int j = 0; j < p; j++)
        {
            double d = a[j, j];
            for (int k = 0; k < j; k++) d -= l[j, k] * l[j, k];
            if (!(d > 0)) throw new ArithmeticException($"Not positive definite: pivot {j} is {d}.");
            l[j, j] = Math.Sqrt(d);
            for (int i = j + 1; i < p; i++)
            {
                double s = a[i, j];
                for (int k = 0; k < j; k++) s -= l[i, k] * l[j, k];
                l[i, j] = s / l[j, j];
            }
        }
        return l;
    }

    /// <summary>log|a| of a positive definite a.</summary>
    public static double LogDeterminant(double[,] a)
    {
        double[,] l = Cholesky(a);
        double sum = 0;
        for (int j = 0; j < l.GetLength(0); j++) sum += 2 * Math.Log(l[j, j]);
        return sum;
    }

    /// <summary>a⁻¹ b for a positive definite a.</summary>
    public static double[,] Solve(double[,] a, double[,] b)
    {
        double[,] l = Cholesky(a);
        int p = l.GetLength(0), m = b.GetLength(1);
        var x = (double[,])b.Clone();
        for (int c = 0; c < m; c++)
        {
            for (int i = 0; i < p; i++)
            {
                for (int k = 0; k < i; k++) x[i, c] -= l[i, k] * x[k, c];
                x[i, c] /= l[i, i];
            }
            for (int i = p - 1; i >= 0; i--)
            {
                for (int k = i + 1; k < p; k++) x[i, c] -= l[k, i] * x[k, c];
                x[i, c] /= l[i, i];
            }
        }
        return x;
    }

    public static double[,] Multiply(double[,] a, double[,] b)
    {
        var c = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < c.GetLength(0); i++)
            for (int j = 0; j < c.GetLength(1); j++)
                for (int k = 0; k < b.GetLength(0); k++) c[i, j] += a[i, k] * b[k, j];
        return c;
    }

    public static double[,] Transpose(double[,] a)
    {
        var t = new double[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < t.GetLength(0); i++)
            for (int j = 0; j < t.GetLength(1); j++) t[i, j] = a[j, i];
        return t;
    }

    public static double Trace(double[,] a)
    {
        double sum = 0;
        for (int j = 0; j < a.GetLength(0); j++) sum += a[j, j];
        return sum;
    }

    /// <summary>The rows and columns of a that are named.</summary>
    public static double[,] Part(double[,] a, int[] rows, int[] columns)
    {
        var part = new double[rows.Length, columns.Length];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < columns.Length; j++) part[i, j] = a[rows[i], columns[j]];
        return part;
    }

    public static double[,] Column(IReadOnlyList<double> values)
    {
        var column = new double[values.Count, 1];
        for (int i = 0; i < values.Count; i++) column[i, 0] = values[i];
        return column;
    }

    public static double[,] Identity(int p)
    {
        var identity = new double[p, p];
        for (int j = 0; j < p; j++) identity[j, j] = 1;
        return identity;
    }
}
