using System.Text;
using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>Text for a terminal, in which no name, cell or message can move the cursor, hide text or change its order: such characters
/// are shown by their numbers, as in \u001b. Line feeds and tabs of the layout stay.</summary>
/// <param name="inner">Standard output or standard error.</param>
/// <param name="failure">The exception for a failed write; null to go on without the text, where there is no other place to say
/// so.</param>
internal sealed class PrintableWriter(TextWriter inner, Func<IOException, Exception>? failure) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (value is not null) Try(() => inner.Write(TextFormat.PrintableLines(value)));
    }

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            if (failure is not null) throw failure(e);
        }
    }
}
