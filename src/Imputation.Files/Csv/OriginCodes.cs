using System.Text;

namespace Imputation.Files.Csv;

/// <summary>Assigns a byte code to each distinct origin of missing cells in a column, for <see cref="MissingMask"/>.</summary>
internal sealed class OriginCodes(Encoding encoding)
{
    private readonly List<MissingOrigin> _origins = [];
    private readonly List<byte[]> _texts = [];

    public IReadOnlyList<MissingOrigin> Origins => _origins;

    /// <summary>Whether different spellings had to share a code.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>The code of a missing cell; from 1.</summary>
    public byte Code(MissingKind kind, ReadOnlySpan<byte> text)
    {
        for (int k = 0; k < _origins.Count; k++)
            if (_origins[k].Kind == kind && text.SequenceEqual(_texts[k])) return (byte)(k + 1);
        // Beyond 255 spellings the last code is shared.
        if (_origins.Count == byte.MaxValue)
        {
            Overflowed = true;
            return byte.MaxValue;
        }
        _origins.Add(new MissingOrigin(kind, encoding.GetString(text)));
        _texts.Add(text.ToArray());
        return (byte)_origins.Count;
    }

    /// <summary>Takes over the origins of later rows and changes those rows' codes to the ones they have here.</summary>
    public void Append(OriginCodes next, Span<byte> codes)
    {
        Span<byte> changed = stackalloc byte[byte.MaxValue + 1];
        changed[0] = 0;
        bool same = true;
        for (int k = 0; k < next._origins.Count; k++)
        {
            changed[k + 1] = Code(next._origins[k].Kind, next._texts[k]);
            same &= changed[k + 1] == k + 1;
        }
        if (same) return;
        foreach (ref byte code in codes) code = changed[code];
    }
}
