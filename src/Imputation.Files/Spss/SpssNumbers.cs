using System.Buffers.Binary;

namespace Imputation.Files.Spss;

/// <summary>Numbers as elements of the data, in the byte order and bytecode of a file.</summary>
internal sealed class SpssNumbers(SpssDictionary dictionary)
{
    private readonly double[] _small = [.. Enumerable.Range(0, SpssCommands.LargestNumber + 1).Select(code => code - dictionary.Bias)];

    /// <summary>The number of an element.</summary>
    public double Number(byte command, ulong word) => command switch
    {
        SpssCommands.Stored => BitConverter.UInt64BitsToDouble(Ordered(word)),
        SpssCommands.SystemMissing => dictionary.SystemMissing,
        SpssCommands.Blanks => BitConverter.UInt64BitsToDouble(SpssCommands.BlankWord),
        _ => _small[command],
    };

    /// <summary>The 8 bytes of an element of a string: blanks, or as stored. Some programs write 0 bytes as the number 0.</summary>
    public ulong Text(byte command, ulong word) => command switch
    {
        SpssCommands.Stored => word,
        SpssCommands.Blanks => SpssCommands.BlankWord,
        _ => Word(Number(command, word)),
    };

    /// <summary>A number's 8 bytes.</summary>
    public ulong Word(double number) => Ordered(BitConverter.DoubleToUInt64Bits(number));

    /// <summary>The command for a number; its bytes follow where it is <see cref="SpssCommands.Stored"/>.</summary>
    public byte Command(double number)
    {
        if (dictionary.Compression == SpssCompression.None) return SpssCommands.Stored;
        double code = number + dictionary.Bias;
        return code >= 1 && code <= SpssCommands.LargestNumber && code == Math.Floor(code) && _small[(int)code].Equals(number)
            && !(number == 0 && double.IsNegative(number))
            ? (byte)code
            : number.Equals(dictionary.SystemMissing) ? SpssCommands.SystemMissing : SpssCommands.Stored;
    }

    /// <summary>The command for 8 bytes of a string.</summary>
    public byte Command(ulong text) =>
        dictionary.Compression != SpssCompression.None && text == SpssCommands.BlankWord ? SpssCommands.Blanks : SpssCommands.Stored;

    private ulong Ordered(ulong word) => dictionary.IsBigEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
}
