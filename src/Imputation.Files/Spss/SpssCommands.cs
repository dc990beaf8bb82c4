namespace Imputation.Files.Spss;

/// <summary>The data of a file as a sequence of commands, each of which is an element or none.</summary>
/// <remarks>
/// <para>Bytecode: eight commands, a byte each, then the 8 bytes of each <see cref="Stored"/> among them, and again. 1 to 251 is a whole
/// number, <see cref="Skip"/> fills the eight up. Data that are not compressed are a sequence of <see cref="Stored"/>.</para></remarks>
internal sealed class SpssCommands(SpssWords words, SpssDictionary dictionary)
{
    public const byte Skip = 0, LargestNumber = 251, End = 252, Stored = 253, Blanks = 254, SystemMissing = 255;

    /// <summary>Eight blanks.</summary>
    public const ulong BlankWord = 0x2020202020202020;

    private readonly bool _packed = dictionary.Compression != SpssCompression.None;
    private ulong _commands;
    private int _left; // commands of these

    /// <summary>The words, as far as they were read.</summary>
    public SpssWords Words => words;

    /// <summary>The commands of the last word that were not returned, the next one lowest, and their number.</summary>
    public (ulong Commands, int Count) Left => (_commands, _left);

    /// <summary>Reads a command.</summary>
    /// <param name="command">The command; <see cref="Stored"/> where there was none means that its element is cut off.</param>
    /// <param name="word">The element's 8 bytes where it is <see cref="Stored"/>.</param>
    /// <returns>Whether there was one, with its element.</returns>
    public bool Read(out byte command, out ulong word)
    {
        word = 0;
        command = End;
        if (!_packed)
        {
            if (!words.Read(out word)) return false;
            command = Stored;
            return true;
        }
        if (_left == 0)
        {
            if (!words.Read(out _commands)) return false;
            _left = 8;
        }
        command = (byte)_commands;
        _commands >>= 8;
        _left--;
        return command != Stored || words.Read(out word);
    }

    /// <summary>Whether a command is an element of a case.</summary>
    public static bool IsElement(byte command) => command is not (Skip or End);
}
