using System.Text;
using Imputation.Data;

namespace Imputation.Files.Csv;

/// <summary>Gives each distinct origin of missing cells in a column its byte, for <see cref="MissingMarks"/>.</summary>
internal sealed class OriginCodes(Encoding encoding)
{
    private readonly List<MissingOrigin> _origins = [];
    private readonly List<byte[]> _texts = [];

    public IReadOnlyList<MissingOrigin> Origins => _origins;

    /// <summary>The code of a missing cell; from 1.</summary>
    public byte Code(MissingKind kind, ReadOnlySpan<byte> text)
    {
        for (int k = 0; k < _origins.Count; k++)
            if (_origins[k].Kind == kind && text.SequenceEqual(_texts[k])) return (byte)(k + 1);
        // More than 255 spellings are no longer told apart.
        if (_origins.Count == byte.MaxValue) return byte.MaxValue;
        _origins.Add(new MissingOrigin(kind, encoding.GetString(text)));
        _texts.Add(text.ToArray());
        return (byte)_origins.Count;
    }
}
