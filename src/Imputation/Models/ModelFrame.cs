using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Models;

/// <summary>The rows of a table as a fitted model sees them: those of its columns that the table has, as numbers, and their
/// patterns.</summary>
/// <remarks>Numbers are themselves; a cell of a categorical or any other column is the index of its level (<see
/// cref="Column.Levels"/>).</remarks>
internal sealed class ModelFrame
{
    private MissingPatterns? _patterns;

    private ModelFrame(Column[] columns, int[] keys, MissingPatterns? patterns)
    {
        Columns = columns;
        Keys = keys;
        Matrix = IncompleteMatrix.FromColumns(Array.ConvertAll(columns, AsNumbers));
        _patterns = patterns;
    }

    /// <summary>A model's columns in a table.</summary>
    /// <param name="model">The model.</param>
    /// <param name="table">The table; columns are matched by name.</param>
    /// <param name="patterns">The patterns of the model's columns in the table, where they are known.</param>
    /// <exception cref="ImputationDataException">The table has none of the model's columns.</exception>
    public static ModelFrame Of(FittedModel model, Table table, MissingPatterns? patterns = null)
    {
        var keys = new List<int>();
        var columns = new List<Column>();
        for (int j = 0; j < model.Columns.Count; j++)
        {
            if (!table.TryGetModelled(model.Columns[j], out Column? column)) continue;
            keys.Add(j);
            columns.Add(model.InFrame(j, column));
        }
        if (keys.Count == 0)
            throw new ImputationDataException($"The table has none of the model's columns, {TextFormat.Names(model.Columns)}; it has "
                + $"{TextFormat.Names(table.Columns.Select(c => c.Name))}.");
        return new ModelFrame([.. columns], [.. keys], patterns);
    }

    /// <summary>Some rows of some numeric columns, as a table of their own.</summary>
    public static ModelFrame Of(FittedModel model, IncompleteMatrix matrix) => Of(model, new Table(matrix.Columns));

    /// <summary>The columns, in the model's order.</summary>
    public Column[] Columns { get; }

    /// <summary>The index of each in the model.</summary>
    public int[] Keys { get; }

    /// <summary>Their cells as numbers.</summary>
    public IncompleteMatrix Matrix { get; }

    /// <summary>The rows by missing-data pattern.</summary>
    public MissingPatterns Patterns => _patterns ??= MissingPatterns.Of(Matrix);

    /// <summary>A column's cells as numbers.</summary>
    public static NumericColumn AsNumbers(Column column) => column is NumericColumn { Categories: null } numeric ? numeric
        : column.Levels.AsNumbers(column);
}
