using System.Buffers.Binary;
using System.Text;
using Imputation.Files.Csv;

namespace Imputation.Files.Spss;

/// <summary>Collects the cells of a string variable, without the blanks that pad them. A blank cell is missing, as an empty field of a CSV
/// file is.</summary>
internal sealed class SpssTextReader : SpssColumnReader
{
    /// <summary>Texts that are remembered, so that equal cells share one.</summary>
    private const int MostShared = 1 << 16;

    private readonly MissingMatcher _missing;
    private readonly Encoding _encoding;
    private readonly SpssNumbers _numbers;
    private readonly string _file;
    private readonly byte[] _stored;    // the elements of a cell
    private readonly byte[] _text;      // the string in them
    private readonly char[] _chars;
    private readonly List<string?> _values = [];
    private readonly List<byte> _codes = [];
    private readonly List<MissingOrigin> _origins = [MissingOrigin.Empty];
    private readonly Dictionary<string, string> _shared = [];
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int _next;

    /// <param name="variable">The variable.</param>
    /// <param name="missing">Further marks for missing.</param>
    /// <param name="encoding">The file's encoding.</param>
    /// <param name="numbers">How elements are stored.</param>
    /// <param name="file">Name of the file in messages.</param>
    public SpssTextReader(SpssVariable variable, MissingMatcher missing, Encoding encoding, SpssNumbers numbers, string file)
        : base(variable)
    {
        (_missing, _encoding, _numbers, _file) = (missing, encoding, numbers, file);
        _stored = new byte[8 * variable.ElementCount];
        _text = new byte[variable.Width];
        _chars = new char[encoding.GetMaxCharCount(variable.Width)];
        _lookup = _shared.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public override void Add(byte command, ulong word)
    {
        if (command == SpssCommands.SystemMissing)
            throw new ImputationDataException($"{_file}: column '{Variable.Name}', row {_values.Count + 1}: a string has the number that "
                + "is system-missing: the file is damaged.", Variable.Name, _values.Count + 1);
        BinaryPrimitives.WriteUInt64LittleEndian(_stored.AsSpan(_next), _numbers.Text(command, word));
        _next += 8;
        if (_next < _stored.Length) return;
        _next = 0;
        AddCell();
    }

    public override Column Finish() => TextColumn.Create(Variable.Name, _values, new MissingMask([.. _codes], _origins));

    private void AddCell()
    {
        for (int from = 0; from < _text.Length; from += SpssWidths.Segment)
        {
            int length = Math.Min(SpssWidths.Segment, _text.Length - from);
            _stored.AsSpan(SpssWidths.Place(from, Variable.Width), length).CopyTo(_text.AsSpan(from));
        }
        ReadOnlySpan<byte> bytes = _text.AsSpan().TrimEnd(" \0"u8);
        ReadOnlySpan<char> chars = _chars.AsSpan(0, _encoding.GetChars(bytes, _chars));
        if (!_lookup.TryGetValue(chars, out string? text))
        {
            text = chars.ToString();
            if (_shared.Count < MostShared) _shared.Add(text, text);
        }
        byte code = bytes.IsEmpty ? (byte)1
            : Variable.IsMissing(text) || _missing.IsMarker(bytes.Trim((byte)' '), declaredOnly: true, out _) ? Code(text) : (byte)0;
        _values.Add(code == 0 ? text : null);
        _codes.Add(code);
    }

    private byte Code(string text) => MissingMask.Code(_origins, new MissingOrigin(MissingKind.Marker, text));
}
