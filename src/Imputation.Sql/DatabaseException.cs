using Imputation.Text;

namespace Imputation.Sql;

/// <summary>A database that cannot be reached, read or written. The message names server, database and table, and says what to do; it
/// never has a password in it, and neither has an inner exception.</summary>
public sealed class DatabaseException : IOException
{
    /// <summary>A failure.</summary>
    /// <param name="message">The place, what failed and what to try.</param>
    /// <param name="inner">The provider's exception, if it can have no connection string in it.</param>
    public DatabaseException(string message, Exception? inner = null) : base(TextFormat.WithoutLongWords(message), inner) { }
}
