using System.Text;

namespace Imputation.Files.Spss;

/// <summary>Reads the header and the dictionary of a system file.</summary>
/// <remarks>
/// <para>The records: 2 variable, 3 and 4 value labels and their variables, 6 documents, 7 extension with a subtype, 999 end.</para>
/// <para>Names, labels and values are kept as bytes until the encoding is known, which is in an extension at the end.</para></remarks>
internal sealed class SpssDictionaryReader
{
    private const int HeaderLength = 176;

    private readonly SpssCursor _file;
    private readonly Encoding? _otherwise;
    private readonly List<VariableRecord> _records = [];
    private readonly List<VariableRecord?> _byElement = []; // null for the further elements of a string
    private readonly List<(ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Label)[]> _labels = [];
    private readonly List<ReadOnlyMemory<byte>> _documents = [];
    private readonly Dictionary<int, SpssExtension> _extensions = [];

    private SpssDictionaryReader(ReadOnlyMemory<byte> bytes, string file, Encoding? otherwise) =>
        (_file, _otherwise) = (new SpssCursor(bytes, file), otherwise);

    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="otherwise">The encoding of a file that names none; null is Windows' for Western Europe.</param>
    /// <exception cref="ImputationDataException">The file is damaged, or not supported.</exception>
    public static SpssDictionary Read(ReadOnlyMemory<byte> bytes, string file, Encoding? otherwise) =>
        new SpssDictionaryReader(bytes, file, otherwise).Read();

    private SpssDictionary Read()
    {
        ReadOnlyMemory<byte> header = Header();
        ReadOnlySpan<byte> h = header.Span;
        int compression = _file.Int32(h[72..]);
        if (compression is < 0 or > 2)
            throw _file.Damaged($"the compression is {compression}, expected 0 (none), 1 (bytecode) or 2 (zlib)");
        while (true)
        {
            int type = _file.Int32("the type of a record");
            if (type == 999) break;
            Record(type);
        }
        _ = _file.Int32("the end of the dictionary");
        if (_records.Count == 0) throw new ImputationDataException($"{_file.File}: the file has no variables.");
        var extensions = new SpssExtensions(_extensions, _file, _otherwise);
        CheckNumbers(extensions);
        SpssVariable[] variables = new SpssVariableMaker(extensions, _file.File).Make(_records);
        int weight = _file.Int32(h[76..]);
        VariableRecord? weighing = weight > 0 && weight <= _byElement.Count ? _byElement[weight - 1] : null;
        if (weight != 0 && weighing is null)
            throw _file.Damaged($"the weights are in element {weight} of a case of {_byElement.Count}, where no variable begins");
        int cases = _file.Int32(h[80..]);
        return new SpssDictionary
        {
            Variables = variables,
            Weight = variables.FirstOrDefault(v => v.FirstElement == weighing?.FirstElement)?.Name,
            Label = extensions.Text(header.Slice(109, 64)),
            Documents = [.. _documents.Select(extensions.Text)],
            Encoding = extensions.Encoding,
            CaseCount = cases >= 0 ? cases : extensions.CaseCount,
            IsBigEndian = _file.IsBigEndian,
            Compression = (SpssCompression)compression,
            Bias = _file.Double(h[84..]),
            SystemMissing = extensions.SystemMissing,
            ElementCount = _byElement.Count,
            DataStart = _file.Position,
        };
    }

    private ReadOnlyMemory<byte> Header()
    {
        if (_file.Remaining == 0) throw new ImputationDataException($"{_file.File}: the file is empty; expected an SPSS system file.");
        if (_file.Remaining >= 4 && _file.Bytes(4, "the header").Span is var magic && !magic.SequenceEqual("$FL2"u8)
            && !magic.SequenceEqual("$FL3"u8))
            throw new ImputationDataException($"{_file.File}: this is no SPSS system file, which begins with $FL2 or $FL3; check its name "
                + "and its format (--from).");
        ReadOnlyMemory<byte> rest = _file.Bytes(HeaderLength - Math.Min(4, _file.Position), "the header");
        ReadOnlySpan<byte> layout = rest.Span[60..64];
        if (_file.Int32(layout) is not (2 or 3))
        {
            _file.IsBigEndian = true;
            if (_file.Int32(layout) is var code and not (2 or 3))
                throw _file.Damaged($"the layout code is {code:X8}, expected 2 or 3 in either byte order");
        }
        // Positions as the format's descriptions give them, from the start of the file.
        byte[] header = new byte[HeaderLength];
        rest.Span.CopyTo(header.AsSpan(4));
        return header;
    }

    private void Record(int type)
    {
        switch (type)
        {
            case 2:
                Variable();
                break;
            case 3:
                ValueLabels();
                break;
            case 6:
                int lines = _file.Int32("the number of lines of a document");
                ReadOnlyMemory<byte> text = _file.Bytes(lines * 80L, "a document");
                for (int line = 0; line < lines; line++) _documents.Add(text.Slice(line * 80, 80));
                break;
            case 7:
                int subtype = _file.Int32("an extension's subtype");
                uint size = (uint)_file.Int32("an extension's size"), count = (uint)_file.Int32("an extension's count");
                ulong length = (ulong)size * count;
                _extensions[subtype] = new SpssExtension((int)Math.Min(size, int.MaxValue), (int)Math.Min(count, int.MaxValue),
                    _file.Bytes((long)Math.Min(length, long.MaxValue), $"the extension of subtype {subtype}"));
                break;
            default:
                throw _file.Damaged($"a record has type {type}, expected 2, 3, 6, 7 or 999");
        }
    }

    private void Variable()
    {
        int type = _file.Int32("a variable"), labelled = _file.Int32("a variable"), missing = _file.Int32("a variable");
        int display = _file.Int32("a variable");
        _ = _file.Int32("a variable");
        ReadOnlyMemory<byte> name = _file.Bytes(8, "a variable's name"), label = default;
        if (labelled is not (0 or 1)) throw _file.Damaged($"a variable has {labelled} labels, expected 0 or 1");
        if (labelled == 1)
        {
            int length = _file.Int32("a variable's label");
            label = _file.Bytes(length, "a variable's label");
            _ = _file.Bytes((4 - length % 4) % 4, "a variable's label");
        }
        if (missing is < -3 or -1 or > 3) throw _file.Damaged($"a variable has {missing} missing values, expected -3, -2 or 0 to 3");
        ReadOnlyMemory<byte> values = _file.Bytes(8 * Math.Abs(missing), "a variable's missing values");
        if (type == -1)
        {
            if (_records.Count == 0 || _byElement.Count >= _records[^1].FirstElement + SpssWidths.ElementCount(_records[^1].Width))
                throw _file.Damaged("a record continues a string that is complete");
            _byElement.Add(null);
            return;
        }
        CheckComplete();
        if (type is < 0 or > SpssWidths.Segment) throw _file.Damaged($"a variable has type {type}, expected -1 to 255");
        if (type > 0 && missing < 0) throw _file.Damaged("a string has a range of missing values");
        var record = new VariableRecord(name, label, type, missing, values, SpssDisplay.Unpack(display), _byElement.Count);
        _records.Add(record);
        _byElement.Add(record);
    }

    /// <summary>A string takes as many records as it has elements.</summary>
    private void CheckComplete()
    {
        if (_records.Count > 0 && _byElement.Count != _records[^1].FirstElement + SpssWidths.ElementCount(_records[^1].Width))
            throw _file.Damaged($"a string of {_records[^1].Width} bytes has {_byElement.Count - _records[^1].FirstElement} elements, "
                + $"expected {SpssWidths.ElementCount(_records[^1].Width)}");
    }

    private void ValueLabels()
    {
        CheckComplete();
        var labels = new List<(ReadOnlyMemory<byte>, ReadOnlyMemory<byte>)>();
        for (int count = _file.Int32("the number of value labels"); count > 0; count--)
        {
            ReadOnlyMemory<byte> value = _file.Bytes(8, "a value label");
            int length = _file.Bytes(1, "a value label").Span[0];
            labels.Add((value, _file.Bytes(length, "a value label")));
            _ = _file.Bytes(7 - length % 8, "a value label");
        }
        if (_file.Int32("the variables of value labels") is var type and not 4)
            throw _file.Damaged($"value labels are followed by a record of type {type}, expected 4");
        (ReadOnlyMemory<byte>, ReadOnlyMemory<byte>)[] set = [.. labels];
        for (int count = _file.Int32("the variables of value labels"); count > 0; count--)
        {
            int element = _file.Int32("the variables of value labels");
            if (element < 1 || element > _byElement.Count || _byElement[element - 1] is not { } variable)
                throw _file.Damaged($"value labels are for element {element} of a case of {_byElement.Count}, where no variable begins");
            variable.Labels = set;
        }
    }

    private void CheckNumbers(SpssExtensions extensions)
    {
        CheckComplete();
        if (extensions.FloatFormat is not (0 or 1))
            throw new ImputationDataException($"{_file.File}: numbers are in format {extensions.FloatFormat}, and only IEEE 754 (1) is "
                + "supported; save the file again in SPSS or PSPP.");
    }
}

/// <summary>A record of type 2, and the labels of its values.</summary>
internal sealed record VariableRecord(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Label, int Width, int MissingCount,
    ReadOnlyMemory<byte> Missing, SpssDisplay Display, int FirstElement)
{
    public IReadOnlyList<(ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Label)> Labels { get; set; } = [];
}

/// <summary>An extension: a record of type 7.</summary>
internal sealed record SpssExtension(int Size, int Count, ReadOnlyMemory<byte> Data);
