using Imputation.Files.Csv;
using Imputation.Files.Streams;

namespace Imputation.Files.Spss;

/// <summary>Reads an SPSS system file into a table that remembers the file.</summary>
internal static class SpssTableReader
{
    public static Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation)
    {
        byte[] bytes = WholeStream.Read(stream, name, cancellation);
        SpssDictionary dictionary = SpssDictionaryReader.Read(bytes, name, options.Encoding);
        options = options.ForColumns([.. dictionary.Variables.Select(variable => variable.Name)], name);
        var source = new SpssSource(bytes, dictionary, name);
        var numbers = new SpssNumbers(dictionary);
        SpssColumnReader[] readers = [.. dictionary.Variables.Select(variable => Reader(variable, dictionary, numbers, name, options))];
        try
        {
            ReadCases(source, name, readers, cancellation);
            return source.Table(readers.Select(reader => reader.Finish()));
        }
        catch (OutOfMemoryException e)
        {
            throw new ImputationDataException($"{name}: {dictionary.Variables.Count} variables of "
                + $"{(dictionary.CaseCount >= 0 ? $"{dictionary.CaseCount}" : "very many")} cases do not fit into memory; save fewer of "
                + "them to a file of their own.", null, null, e);
        }
    }

    private static SpssColumnReader Reader(SpssVariable variable, SpssDictionary dictionary, SpssNumbers numbers, string file,
        TableReadOptions options)
    {
        var missing = new MissingMatcher(options, variable.Name, dictionary.Encoding);
        return variable.IsText ? new SpssTextReader(variable, missing, dictionary.Encoding, numbers, file)
            : new SpssNumberReader(variable, missing, dictionary, numbers, file, options);
    }

    private static void ReadCases(SpssSource source, string name, SpssColumnReader[] readers, CancellationToken cancellation)
    {
        SpssDictionary dictionary = source.Dictionary;
        SpssColumnReader[] byElement = [.. readers.SelectMany(reader => Enumerable.Repeat(reader, reader.ElementCount))];
        using SpssWords words = source.Words();
        var commands = new SpssCommands(words, dictionary);
        byte command;
        ulong word;
        // False at the end of the data.
        bool Next()
        {
            do
            {
                if (!commands.Read(out command, out word) || command == SpssCommands.End) return false;
            }
            while (command == SpssCommands.Skip);
            return true;
        }
        int row = 0;
        for (; dictionary.CaseCount < 0 || row < dictionary.CaseCount; row++)
        {
            if ((row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            for (int element = 0; element < byElement.Length; element++)
            {
                if (Next())
                {
                    byElement[element].Add(command, word);
                    continue;
                }
                if (element == 0 && dictionary.CaseCount < 0 && command != SpssCommands.Stored) return;
                throw source.Truncated(row);
            }
        }
        int more = 0;
        while (more < byElement.Length && Next()) more++;
        if (more == byElement.Length)
            throw new ImputationDataException($"{name}: the file states {dictionary.CaseCount} cases, and the data have more: it is "
                + "damaged. Copy it again from its source.");
    }
}
