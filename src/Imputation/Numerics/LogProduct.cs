namespace Imputation.Numerics;

/// <summary>The logarithm of a product of many positive numbers: one logarithm for many factors.</summary>
internal struct LogProduct
{
    private const double Large = 1e100;

    private double _product;
    private double _log;

    /// <summary>The empty product.</summary>
    public static LogProduct One => new() { _product = 1 };

    /// <summary>Multiplies by a number between 1e-200 and 1e200.</summary>
    public void Multiply(double factor)
    {
        _product *= factor;
        if (_product is > Large or < 1 / Large)
        {
            _log += Math.Log(_product);
            _product = 1;
        }
    }

    /// <summary>The logarithm.</summary>
    public readonly double Log => _log + Math.Log(_product);
}
