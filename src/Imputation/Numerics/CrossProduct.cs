using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Imputation.Numerics;

/// <summary>C ← C + DᵀD for a batch D of rows: the rank-k update that the E-step spends its time in.</summary>
internal static class CrossProduct
{
    /// <summary>Adds DᵀD to the lower triangle of C; elements above it, within the same vector, may be written too and mean nothing.</summary>
    /// <param name="batch">D, <paramref name="rows"/> rows, <paramref name="stride"/> apart, zero beyond the columns.</param>
    /// <param name="rows">Number of rows of D.</param>
    /// <param name="columns">Number of columns of D, the order of C.</param>
    /// <param name="stride">Distance between rows of D and of C: <see cref="Stride"/> of the columns.</param>
    /// <param name="target">C.</param>
    public static void Add(ReadOnlySpan<double> batch, int rows, int columns, int stride, Span<double> target)
    {
        int width = Vector<double>.Count;
        if (stride % width != 0)
        {
            Scalar(batch, rows, columns, stride, target);
            return;
        }
        ref double d = ref MemoryMarshal.GetReference(batch[..(rows * stride)]);
        ref double c = ref MemoryMarshal.GetReference(target[..(columns * stride)]);

        // Tiles of four rows of C by two vectors stay in registers over the whole batch.
        int i = 0;
        for (; i + 4 <= columns; i += 4)
        {
            int end = i + 4; // the tile's last row reaches to column i + 3
            int k = 0;
            for (; k + width < end && k + 2 * width <= stride; k += 2 * width)
            {
                Vector<double> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
                nuint row = 0;
                for (int r = 0; r < rows; r++, row += (nuint)stride)
                {
                    Vector<double> left = Vector.LoadUnsafe(ref d, row + (nuint)k), right = Vector.LoadUnsafe(ref d, row + (nuint)(k + width));
                    var x0 = new Vector<double>(Unsafe.Add(ref d, row + (nuint)i));
                    var x1 = new Vector<double>(Unsafe.Add(ref d, row + (nuint)(i + 1)));
                    var x2 = new Vector<double>(Unsafe.Add(ref d, row + (nuint)(i + 2)));
                    var x3 = new Vector<double>(Unsafe.Add(ref d, row + (nuint)(i + 3)));
                    c00 = Vector.MultiplyAddEstimate(x0, left, c00);
                    c01 = Vector.MultiplyAddEstimate(x0, right, c01);
                    c10 = Vector.MultiplyAddEstimate(x1, left, c10);
                    c11 = Vector.MultiplyAddEstimate(x1, right, c11);
                    c20 = Vector.MultiplyAddEstimate(x2, left, c20);
                    c21 = Vector.MultiplyAddEstimate(x2, right, c21);
                    c30 = Vector.MultiplyAddEstimate(x3, left, c30);
                    c31 = Vector.MultiplyAddEstimate(x3, right, c31);
                }
                Accumulate(ref c, i * stride + k, c00, c01, width);
                Accumulate(ref c, (i + 1) * stride + k, c10, c11, width);
                Accumulate(ref c, (i + 2) * stride + k, c20, c21, width);
                Accumulate(ref c, (i + 3) * stride + k, c30, c31, width);
            }
            for (; k < end; k += width)
            {
                Vector<double> c0 = default, c1 = default, c2 = default, c3 = default;
                nuint row = 0;
                for (int r = 0; r < rows; r++, row += (nuint)stride)
                {
                    Vector<double> left = Vector.LoadUnsafe(ref d, row + (nuint)k);
                    c0 = Vector.MultiplyAddEstimate(new Vector<double>(Unsafe.Add(ref d, row + (nuint)i)), left, c0);
                    c1 = Vector.MultiplyAddEstimate(new Vector<double>(Unsafe.Add(ref d, row + (nuint)(i + 1))), left, c1);
                    c2 = Vector.MultiplyAddEstimate(new Vector<double>(Unsafe.Add(ref d, row + (nuint)(i + 2))), left, c2);
                    c3 = Vector.MultiplyAddEstimate(new Vector<double>(Unsafe.Add(ref d, row + (nuint)(i + 3))), left, c3);
                }
                Accumulate(ref c, i * stride + k, c0);
                Accumulate(ref c, (i + 1) * stride + k, c1);
                Accumulate(ref c, (i + 2) * stride + k, c2);
                Accumulate(ref c, (i + 3) * stride + k, c3);
            }
        }
        for (; i < columns; i++)
            for (int r = 0; r < rows; r++)
                AddScaled.To(target.Slice(i * stride, i + 1), batch[r * stride + i], batch.Slice(r * stride, i + 1));
    }

    /// <summary>The row length that <see cref="Add"/> works on: columns rounded up to whole vectors.</summary>
    public static int Stride(int columns) => (columns + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    /// <summary>The scalar twin.</summary>
    public static void Scalar(ReadOnlySpan<double> batch, int rows, int columns, int stride, Span<double> target)
    {
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < columns; i++)
                for (int j = 0; j <= i; j++)
                    target[i * stride + j] += batch[r * stride + i] * batch[r * stride + j];
    }

    private static void Accumulate(ref double target, int offset, Vector<double> left, Vector<double> right, int width)
    {
        Accumulate(ref target, offset, left);
        Accumulate(ref target, offset + width, right);
    }

    private static void Accumulate(ref double target, int offset, Vector<double> value) =>
        (Vector.LoadUnsafe(ref target, (nuint)offset) + value).StoreUnsafe(ref target, (nuint)offset);
}
