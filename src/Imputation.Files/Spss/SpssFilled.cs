using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Imputation.Files.Spss;

/// <summary>A variable with filled cells, as elements of the data.</summary>
internal sealed class SpssFilled(SpssVariable variable, Column before, Column after, Encoding encoding, SpssNumbers numbers)
{
    private readonly byte[] _stored = new byte[8 * variable.ElementCount];
    private int _row = -1; // whose elements these are

    /// <summary>Whether the cell was missing and has a value.</summary>
    public bool Changes(int row) => before.IsMissing(row) && !after.IsMissing(row);

    /// <summary>An element of a filled cell.</summary>
    /// <param name="row">The row (from 0).</param>
    /// <param name="element">Its index in a case.</param>
    /// <exception cref="ImputationDataException">The variable cannot hold the value.</exception>
    public (byte Command, ulong Word) Element(int row, int element)
    {
        if (!variable.IsText)
        {
            double number = (after is NumericColumn numeric ? numeric[row] : SpssTime.Seconds(after.Value(row)!) ?? double.NaN) + 0.0;
            if (!double.IsFinite(number) || variable.IsMissing(number)) throw Unfit(row, Missing(number));
            return (numbers.Command(number), numbers.Word(number));
        }
        if (_row != row) Store((string)after.Value(row)!, row);
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(_stored.AsSpan(8 * (element - variable.FirstElement)));
        return (numbers.Command(word), word);
    }

    private void Store(string text, int row)
    {
        byte[] bytes = encoding.GetBytes(text);
        if (bytes.Length > variable.Width || encoding.GetString(bytes) != text)
            throw Unfit(row, $"the variable is a string of {variable.Width} bytes in {encoding.WebName}");
        _stored.AsSpan().Fill((byte)' ');
        for (int i = 0; i < bytes.Length; i++) _stored[SpssWidths.Place(i, variable.Width)] = bytes[i];
        _row = row;
    }

    private string Missing(double number)
    {
        SpssRange range = variable.MissingRanges.FirstOrDefault(r => r.Contains(number));
        string End(double end) => double.IsInfinity(end) ? (end < 0 ? "the lowest" : "the highest")
            : end.ToString("R", CultureInfo.InvariantCulture);
        return $"SPSS reads it as missing, since {(range.IsSingle ? End(range.Low) : $"{End(range.Low)} to {End(range.High)}")} is "
            + "declared user-missing";
    }

    private ImputationDataException Unfit(int row, string why) => new(
        $"Column '{variable.Name}', row {row + 1}: the filled value "
        + $"{Convert.ToString(after.Value(row), CultureInfo.InvariantCulture)} cannot be written: {why}. Give the column bounds "
        + "(--bounds), or write CSV.", variable.Name, row + 1);
}
