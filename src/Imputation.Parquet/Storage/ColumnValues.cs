using System.Buffers;
using System.Runtime.CompilerServices;

namespace Imputation.Parquet.Storage;

/// <summary>The values of a column, as stored: of some rows, or those that are to become a row group.</summary>
internal abstract class ColumnValues(bool[]? present)
{
    public abstract int Count { get; }

    /// <summary>The rows that have a value; null where all have.</summary>
    public bool[]? Present => present;

    public bool IsNull(int row) => present is not null && !present[row];

    /// <summary>Some of the rows.</summary>
    public abstract ColumnValues Slice(int first, int count);

    /// <summary>The same in arrays that are lent.</summary>
    /// <param name="first">The first of the rows.</param>
    /// <param name="count">Their number.</param>
    /// <param name="giveBack">To be called when they are used.</param>
    public abstract ColumnValues Lend(int first, int count, out Action giveBack);

    /// <summary>All values of rows that come in parts.</summary>
    public static ColumnValues Join(IEnumerable<ColumnValues> parts, int rows)
    {
        using IEnumerator<ColumnValues> some = parts.GetEnumerator();
        if (!some.MoveNext()) throw new ArgumentException("No part, not even an empty one.", nameof(parts));
        return some.Current.Joined(some, rows);
    }

    /// <summary>These values and, while there are others, those after them.</summary>
    protected abstract ColumnValues Joined(IEnumerator<ColumnValues> others, int rows);
}

/// <summary>Values of one type, a slot for each row; the slot of a null holds the default.</summary>
/// <param name="values">The values, in an array of their own.</param>
/// <param name="present">The rows that have a value; null where all have.</param>
/// <param name="lent">Number of rows, where the arrays are lent and may be longer; null where they are not.</param>
internal sealed class ColumnValues<T>(T[] values, bool[]? present, int? lent = null) : ColumnValues(present)
{
    public T[] Values => values;

    public override int Count => lent ?? values.Length;

    public override ColumnValues Slice(int first, int count) => first == 0 && count == Count ? this
        : new ColumnValues<T>(values[first..(first + count)], Present?[first..(first + count)]);

    public override ColumnValues Lend(int first, int count, out Action giveBack)
    {
        if (first == 0 && count == Count)
        {
            giveBack = () => { };
            return this;
        }
        T[] room = ArrayPool<T>.Shared.Rent(count);
        values.AsSpan(first, count).CopyTo(room);
        bool[]? some = Present is null ? null : ArrayPool<bool>.Shared.Rent(count);
        Present?.AsSpan(first, count).CopyTo(some);
        giveBack = () =>
        {
            ArrayPool<T>.Shared.Return(room, RuntimeHelpers.IsReferenceOrContainsReferences<T>());
            if (some is not null) ArrayPool<bool>.Shared.Return(some);
        };
        return new ColumnValues<T>(room, some, count);
    }

    protected override ColumnValues Joined(IEnumerator<ColumnValues> others, int rows)
    {
        if (lent is null && Count == rows) return this;
        var all = new T[rows];
        bool[]? present = null;
        int done = 0;
        ColumnValues<T>? part = this;
        while (part is not null)
        {
            part.Values.AsSpan(0, part.Count).CopyTo(all.AsSpan(done));
            if (part.Present is { } some)
            {
                if (present is null)
                {
                    present = new bool[rows];
                    present.AsSpan(0, done).Fill(true);
                }
                some.AsSpan(0, part.Count).CopyTo(present.AsSpan(done));
            }
            else
            {
                present?.AsSpan(done, part.Count).Fill(true);
            }
            done += part.Count;
            part = others.MoveNext() ? (ColumnValues<T>)others.Current : null;
        }
        return new ColumnValues<T>(all, present);
    }
}
