using System.Security.Cryptography;
using Imputation.Files.Formats;

namespace Imputation.Files.Spss;

/// <summary>The SPSS file that a table was read from: its bytes, from which all but the filled cells are written again.</summary>
internal sealed class SpssSource : FileSource
{
    private readonly byte[] _bytes;
    private readonly string _name;
    private readonly SpssBlocks? _blocks;
    private string? _sha256;

    /// <param name="bytes">The file.</param>
    /// <param name="dictionary">Its dictionary.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ImputationDataException">The data are shorter than the number of cases needs, or damaged.</exception>
    public SpssSource(byte[] bytes, SpssDictionary dictionary, string name) : base(name)
    {
        (_bytes, Dictionary, _name) = (bytes, dictionary, name);
        if (dictionary.Compression == SpssCompression.Zlib) _blocks = new SpssBlocks(bytes, dictionary, name);
        long length = _blocks?.UnpackedLength ?? bytes.Length - dictionary.DataStart;
        long elements = dictionary.Compression == SpssCompression.None ? length / 8 : length; // a byte each at least
        if (dictionary.CaseCount > elements / dictionary.ElementCount)
            throw new ImputationDataException($"{name}: the file states {dictionary.CaseCount} cases of {dictionary.ElementCount} "
                + $"elements, and {length} bytes of data hold {elements / dictionary.ElementCount} at most: it is truncated or damaged. "
                + "Copy it again from its source.");
    }

    public SpssDictionary Dictionary { get; }

    internal override Codebook Codebook => SpssCodebook.Of(Dictionary);

    /// <summary>The blocks of a file compressed with zlib; null for any other.</summary>
    public SpssBlocks? Blocks => _blocks;

    /// <summary>The file.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public override string Sha256 => _sha256 ??= Convert.ToHexStringLower(SHA256.HashData(_bytes));

    /// <summary>The data, unpacked.</summary>
    public SpssWords Words() => new(_blocks?.Unpacked() ?? [_bytes.AsMemory(Dictionary.DataStart)]);

    /// <summary>The exception for data that end too early.</summary>
    /// <param name="row">The row (from 0) that is not there.</param>
    public ImputationDataException Truncated(int row) => new($"{_name}: the data end within case {row + 1}"
        + (Dictionary.CaseCount >= 0 ? $" of {Dictionary.CaseCount}" : "") + ": the file is truncated or damaged. Copy it again from its "
        + "source.", null, row + 1L);
}
