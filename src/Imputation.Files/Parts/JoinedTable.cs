namespace Imputation.Files.Parts;

/// <summary>Batches of rows as one table in memory.</summary>
internal static class JoinedTable
{
    /// <param name="batches">Tables of the same columns.</param>
    public static Table Of(IEnumerable<Table> batches)
    {
        Table[] all = [.. batches];
        return all.Length == 1 ? all[0] : new Table(Enumerable.Range(0, all[0].Columns.Count).Select(j =>
            Joined([.. all.Select(table => table.Columns[j])])), new Sources(all));
    }

    /// <summary>Some of the rows as one table in memory.</summary>
    /// <param name="batches">Tables of the same columns.</param>
    /// <param name="isTaken">Whether a row is taken, by its number among all, from 0.</param>
    public static Table Of(IEnumerable<Table> batches, Func<long, bool> isTaken)
    {
        long before = 0;
        return Of(batches.Select(batch =>
        {
            int[] rows = [.. Enumerable.Range(0, batch.RowCount).Where(row => isTaken(before + row))];
            before += batch.RowCount;
            return new Table(batch.Columns.Select(column => Some(column, rows)));
        }));
    }

    /// <summary>What the files of a table say of it: the findings of all, and the codebook of the first that has one.</summary>
    private sealed class Sources(Table[] parts) : TableSource
    {
        public override IReadOnlyList<Finding> Findings { get; } = [.. parts.SelectMany(part => part.Findings)
            .DistinctBy(finding => (finding.Code, finding.Sentence))];

        internal override IEnumerable<string> IntegerColumns { get; } = parts[0].Source?.IntegerColumns ?? [];

        internal override Codebook? Codebook { get; } =
            parts.Select(part => part.Source?.Codebook).FirstOrDefault(book => book is not null);
    }

    private static Column Some(Column column, int[] rows)
    {
        if (column is ObjectColumn objects)
            return ObjectColumn.Create(column.Name, objects.Type, [.. rows.Select(column.Value)]);
        byte[] codes = column.Mask.Codes;
        var marks = new MissingMask(codes.Length == 0 ? new byte[rows.Length] : Array.ConvertAll(rows, row => codes[row]),
            column.Mask.Origins);
        return column is NumericColumn numeric
            ? NumericColumn.Create(column.Name, column.Kind, Array.ConvertAll(rows, row => numeric[row]), marks, numeric.Decimals)
            : TextColumn.Create(column.Name, [.. rows.Select(row => (string?)column.Value(row))], marks);
    }

    private static Column Joined(Column[] parts)
    {
        string name = parts[0].Name;
        int rows = parts.Sum(part => part.Count);
        if (Array.TrueForAll(parts, part => part is ObjectColumn))
            return ObjectColumn.Create(name, ((ObjectColumn)parts[0]).Type, [.. parts.SelectMany(Cells)]);
        MissingMask marks = Marks(parts, rows);
        if (!Array.TrueForAll(parts, part => part is NumericColumn))
            return TextColumn.Create(name, [.. parts.SelectMany(Cells).Select(cell => cell is null ? null : Csv.CsvText.Of(cell))], marks);
        var values = new double[rows];
        int at = 0;
        foreach (NumericColumn part in parts.Cast<NumericColumn>())
        {
            part.Values.CopyTo(values.AsSpan(at));
            at += part.Count;
        }
        return NumericColumn.Create(name, Kind(parts), values, marks);
    }

    /// <summary>Whole numbers where all are; a part without an observed cell does not say.</summary>
    private static ColumnKind Kind(Column[] parts)
    {
        Column[] observed = [.. parts.Where(part => part.MissingCount < part.Count)];
        return Array.TrueForAll(observed.Length == 0 ? parts : observed, part => part.Kind == ColumnKind.Integer) ? ColumnKind.Integer
            : ColumnKind.Number;
    }

    private static IEnumerable<object?> Cells(Column column) => Enumerable.Range(0, column.Count).Select(column.Value);

    /// <summary>The marks of all parts.</summary>
    private static MissingMask Marks(Column[] parts, int rows)
    {
        var codes = new byte[rows];
        var origins = new List<MissingOrigin>();
        int at = 0;
        foreach (Column part in parts)
        {
            for (int row = 0; row < part.Count; row++, at++)
                if (part.Mask.Origin(row) is { } origin) codes[at] = MissingMask.Code(origins, origin);
        }
        return new MissingMask(codes, origins);
    }
}
