using System.Buffers;
using System.Text;

namespace Imputation.Parquet.Storage;

/// <summary>Writes Thrift's compact protocol.</summary>
internal sealed class ThriftWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Stack<int> _ids = new();
    private int _id;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Integer(int id, int value) => Integer(id, ThriftType.I32, value);

    public void Long(int id, long value) => Integer(id, ThriftType.I64, value);

    public void Short(int id, short value) => Integer(id, ThriftType.I16, value);

    public void Byte(int id, sbyte value)
    {
        Head(id, ThriftType.Byte);
        Byte((byte)value);
    }

    public void Bool(int id, bool value) => Head(id, value ? ThriftType.True : ThriftType.False);

    public void Text(int id, string value) => Binary(id, Encoding.UTF8.GetBytes(value));

    public void Binary(int id, ReadOnlySpan<byte> value)
    {
        Head(id, ThriftType.Binary);
        Bytes(value);
    }

    /// <summary>A struct already in the compact protocol.</summary>
    public void Raw(int id, ReadOnlySpan<byte> value)
    {
        Head(id, ThriftType.Struct);
        _buffer.Write(value);
    }

    public void Struct(int id, Action write)
    {
        Head(id, ThriftType.Struct);
        Element(write);
    }

    public void Structs<T>(int id, IReadOnlyCollection<T> items, Action<T> write)
    {
        List(id, ThriftType.Struct, items.Count);
        foreach (T item in items) Element(() => write(item));
    }

    public void Integers(int id, IReadOnlyCollection<int> items)
    {
        List(id, ThriftType.I32, items.Count);
        foreach (int item in items) ZigZag(item);
    }

    public void Texts(int id, IReadOnlyCollection<string> items)
    {
        List(id, ThriftType.Binary, items.Count);
        foreach (string item in items) Bytes(Encoding.UTF8.GetBytes(item));
    }

    /// <summary>The end of the outermost struct.</summary>
    public void Stop() => Byte(0);

    private void Element(Action write)
    {
        _ids.Push(_id);
        _id = 0;
        write();
        Stop();
        _id = _ids.Pop();
    }

    private void Integer(int id, ThriftType type, long value)
    {
        Head(id, type);
        ZigZag(value);
    }

    private void List(int id, ThriftType elements, int count)
    {
        Head(id, ThriftType.List);
        if (count < 15)
        {
            Byte((byte)(count << 4 | (int)elements));
            return;
        }
        Byte((byte)(0xF0 | (int)elements));
        Varint((ulong)count);
    }

    /// <summary>Fields come in ascending order and less than 16 apart.</summary>
    private void Head(int id, ThriftType type)
    {
        Byte((byte)((id - _id) << 4 | (int)type));
        _id = id;
    }

    private void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        _buffer.Write(value);
    }

    private void ZigZag(long value) => Varint((ulong)(value << 1 ^ value >> 63));

    private void Varint(ulong value)
    {
        for (; value >= 128; value >>= 7) Byte((byte)(value | 128));
        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }
}
