using System.Buffers.Binary;

namespace Imputation.Files.Spss;

/// <summary>The data of a file as words of 8 bytes, the first byte lowest: all that is stored there, commands too, takes 8 bytes.</summary>
/// <param name="blocks">Pieces of the data in their order; a word may be in two.</param>
internal sealed class SpssWords(IEnumerable<ReadOnlyMemory<byte>> blocks) : IDisposable
{
    private readonly IEnumerator<ReadOnlyMemory<byte>> _blocks = blocks.GetEnumerator();
    private ReadOnlyMemory<byte> _block;
    private int _next;

    /// <summary>The next word; false where fewer than 8 bytes are left, which <see cref="Rest"/> has.</summary>
    public bool Read(out ulong word)
    {
        if (_block.Length - _next >= 8)
        {
            word = BinaryPrimitives.ReadUInt64LittleEndian(_block.Span[_next..]);
            _next += 8;
            return true;
        }
        while (true)
        {
            byte[] left = _block[_next..].ToArray(); // before the block's memory is used again
            _next = 0;
            bool more = _blocks.MoveNext();
            _block = !more ? left : left.Length == 0 ? _blocks.Current : (byte[])[.. left, .. _blocks.Current.Span];
            if (_block.Length >= 8) return Read(out word);
            if (!more) break;
        }
        word = 0;
        return false;
    }

    /// <summary>All that was not read.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Rest()
    {
        yield return _block[_next..];
        while (_blocks.MoveNext()) yield return _blocks.Current;
        (_block, _next) = (default, 0);
    }

    public void Dispose() => _blocks.Dispose();
}
