using Imputation.Models.Gaussian;

namespace Imputation.Models.Normal;

/// <summary>Whether a linear relation that some rows fulfil holds in all of them, batch by batch.</summary>
internal sealed class RelationCheck(LinearRelation relation, GaussianData data)
{
    private readonly double _deviation = data.Scale[data.ColumnNames.Index().First(c => c.Item == relation.Columns[^1]).Index];
    private double _worst, _size, _squares;
    private long _count;

    /// <summary>The columns concerned.</summary>
    public IReadOnlyList<string> Columns => relation.Columns;

    /// <summary>Looks at rows.</summary>
    /// <param name="columns">Their cells, in the order of <see cref="Columns"/>.</param>
    public void Add(NumericColumn[] columns)
    {
        for (int row = 0; row < columns[0].Count; row++)
        {
            double rest = -relation.Constant, size = 0;
            for (int k = 0; k < columns.Length; k++)
            {
                double part = relation.Coefficients[k] * columns[k][row];
                rest += part;
                size = Math.Max(size, Math.Abs(part));
            }
            if (double.IsNaN(rest)) continue;
            _count++;
            _worst = Math.Max(_worst, Math.Abs(rest));
            _size = Math.Max(_size, size);
            _squares += rest * rest;
        }
    }

    /// <summary>The relation with the number of rows that it holds in; null where it does not hold in all.</summary>
    public LinearRelation? Result() => !(_worst <= RelationFinder.Exactness * _deviation) ? null : relation with
    {
        RowCount = (int)Math.Min(int.MaxValue, _count),
        Unexplained = relation.Unexplained == 0 && _worst <= RelationFinder.RoundOff * _size ? 0
            : Math.Max(double.Epsilon, _squares / (_count * _deviation * _deviation)),
    };
}
