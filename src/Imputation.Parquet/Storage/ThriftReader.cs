using System.Text;

namespace Imputation.Parquet.Storage;

/// <summary>The types of Thrift's compact protocol.</summary>
internal enum ThriftType
{
    True = 1,
    False = 2,
    Byte = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>Reads Thrift's compact protocol, in which the footer and the page headers are written.</summary>
/// <remarks>A struct is read as <c>int id = 0; while (reader.NextField(ref id, out var type)) switch (id) { ... default: reader.Skip(type);
/// }</c>.</remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>The bytes read since <paramref name="start"/>.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _data[start..Position];

    public bool NextField(ref int id, out ThriftType type)
    {
        byte head = Byte();
        type = (ThriftType)(head & 15);
        if (head == 0) return false;
        int delta = head >> 4;
        id = delta != 0 ? id + delta : (short)ZigZag();
        return true;
    }

    public readonly bool Bool(ThriftType type) => type == ThriftType.True
        || (type == ThriftType.False ? false : throw Mismatch(type, "a Boolean"));

    public long Integer(ThriftType type) => type switch
    {
        ThriftType.Byte => (sbyte)Byte(),
        ThriftType.I16 or ThriftType.I32 or ThriftType.I64 => ZigZag(),
        _ => throw Mismatch(type, "an integer"),
    };

    public int Int32(ThriftType type)
    {
        long value = Integer(type);
        return value == (int)value ? (int)value : throw new ParquetException($"an integer of the metadata is {value}, beyond 32 bits");
    }

    public ReadOnlySpan<byte> Binary(ThriftType type)
    {
        if (type != ThriftType.Binary) throw Mismatch(type, "text");
        return Take(Length());
    }

    public string Text(ThriftType type) => Encoding.UTF8.GetString(Binary(type));

    /// <summary>The head of a list: how many elements follow, each of at least one byte.</summary>
    public int List(ThriftType type, out ThriftType elements)
    {
        if (type is not (ThriftType.List or ThriftType.Set)) throw Mismatch(type, "a list");
        byte head = Byte();
        elements = (ThriftType)(head & 15);
        int count = head >> 4;
        return count < 15 ? count : Length();
    }

    public readonly void Struct(ThriftType type)
    {
        if (type != ThriftType.Struct) throw Mismatch(type, "a struct");
    }

    public void Skip(ThriftType type) => Skip(type, inList: false, 0);

    private void Skip(ThriftType type, bool inList, int depth)
    {
        if (depth > Deepest) throw new ParquetException("the metadata are nested too deeply");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                if (inList) Byte();
                break;
            case ThriftType.Byte:
                Byte();
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                Varint();
                break;
            case ThriftType.Double:
                Take(8);
                break;
            case ThriftType.Binary:
                Take(Length());
                break;
            case ThriftType.List or ThriftType.Set:
                for (int count = List(type, out ThriftType elements); count > 0; count--) Skip(elements, true, depth + 1);
                break;
            case ThriftType.Map:
                int pairs = Length();
                if (pairs == 0) break;
                byte types = Byte();
                for (; pairs > 0; pairs--)
                {
                    Skip((ThriftType)(types >> 4), true, depth + 1);
                    Skip((ThriftType)(types & 15), true, depth + 1);
                }
                break;
            case ThriftType.Struct:
                int id = 0;
                while (NextField(ref id, out ThriftType field)) Skip(field, false, depth + 1);
                break;
            default:
                throw Mismatch(type, "a known type");
        }
    }

    private int Length()
    {
        ulong length = Varint();
        return length <= (ulong)(_data.Length - Position) ? (int)length : throw Short();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _data.Length - Position) throw Short();
        Position += count;
        return _data.Slice(Position - count, count);
    }

    private byte Byte() => Position < _data.Length ? _data[Position++] : throw Short();

    private long ZigZag()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 127) << shift;
            if (part < 128) return value;
        }
        throw new ParquetException("a variable-length integer of the metadata has no end");
    }

    private static ParquetException Short() => new("the metadata are incomplete");

    private static ParquetException Mismatch(ThriftType type, string expected) =>
        new($"the metadata contain a value of Thrift type {(int)type}, expected {expected}");
}
