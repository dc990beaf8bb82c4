// The rows of a query in, a completed table back into the database by bulk copy.
// Run it with: examples/Database/run.sh, which starts a PostgreSQL of its own where one is installed and stops it afterwards;
// or with IMPUTATION_EXAMPLE_DB set to a connection string: dotnet run -c Release --project examples/Database
// Without a database, the same rows come from memory, through the same interface.

using System.Data;
using System.Data.Common;
using System.Globalization;
using Imputation;
using Npgsql;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

const string query = "select visit, age, cholesterol, systolic, note from visits order by visit";
string? connectionString = Environment.GetEnvironmentVariable("IMPUTATION_EXAMPLE_DB");
if (connectionString is null)
{
    Console.WriteLine("No database: IMPUTATION_EXAMPLE_DB is not set. Reading the same rows from memory.");
    using DbDataReader reader = Visits().CreateDataReader();
    ImputationResult done = Complete(reader.ToTable());
    using DbDataReader completed = done.Table.ToDataReader(); // this is what SqlBulkCopy.WriteToServer and DataTable.Load take
    var target = new DataTable();
    target.Load(completed);
    Show(target.CreateDataReader());
    return;
}

await using var connection = new NpgsqlConnection(connectionString);
await connection.OpenAsync();
Console.WriteLine($"Reading from PostgreSQL {connection.PostgreSqlVersion}.");
await Execute("create temp table visits (visit bigint primary key, age smallint, cholesterol numeric(6,2), systolic double precision, "
    + "note text)");
await Execute("create temp table visits_completed (visit bigint primary key, age smallint, cholesterol numeric, systolic double "
    + "precision, note text)");
using (DbDataReader rows = Visits().CreateDataReader()) await Copy(rows, "visits");

Table visits;
await using (var command = new NpgsqlCommand(query, connection))
await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync())
    visits = await reader.ToTableAsync();

using (DbDataReader completed = Complete(visits).Table.ToDataReader()) await Copy(completed, "visits_completed");

await using (var check = new NpgsqlCommand(query.Replace("visits", "visits_completed"), connection))
await using (NpgsqlDataReader reader = await check.ExecuteReaderAsync())
    Show(reader);

static ImputationResult Complete(Table table)
{
    // Whole numbers, so that smallint stays smallint.
    ImputationResult done = table.Impute(fill: new FillOptions { Integer = ["age"] });
    Console.WriteLine($"{table.RowCount} rows, {done.FilledCount} cells filled, {done.StillMissingCount} left (notes are text); "
        + $"{done.Fit.Report.Outcome} in {done.Fit.Report.IterationCount} iterations.");
    return done;
}

static void Show(DbDataReader reader)
{
    for (int row = 0; row < 4 && reader.Read(); row++)
        Console.WriteLine("  " + string.Join("  ", Enumerable.Range(0, reader.FieldCount)
            .Select(j => $"{reader.GetName(j)} {(reader.IsDBNull(j) ? "null" : reader.GetValue(j))}")));
}

async Task Execute(string sql)
{
    await using var command = new NpgsqlCommand(sql, connection);
    await command.ExecuteNonQueryAsync();
}

// PostgreSQL's bulk copy; SQL Server's SqlBulkCopy takes the reader as it is.
async Task Copy(DbDataReader rows, string into)
{
    await using NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync($"copy {into} from stdin (format binary)");
    while (await rows.ReadAsync())
    {
        await importer.StartRowAsync();
        for (int j = 0; j < rows.FieldCount; j++)
        {
            if (rows.IsDBNull(j)) await importer.WriteNullAsync();
            else await importer.WriteAsync(rows.GetValue(j));
        }
    }
    await importer.CompleteAsync();
}

// A small clinic, with holes.
static DataTable Visits()
{
    var visits = new DataTable
    {
        Columns = { { "visit", typeof(long) }, { "age", typeof(short) }, { "cholesterol", typeof(decimal) },
        { "systolic", typeof(double) }, { "note", typeof(string) } }
    };
    for (int i = 0; i < 80; i++)
    {
        visits.Rows.Add(
            9_007_199_254_740_993 + i, // beyond 2^53, where doubles no longer tell whole numbers apart
            i % 9 == 1 ? DBNull.Value : (short)(30 + i % 50),
            i % 5 == 2 ? DBNull.Value : 4.10m + i % 50 * 0.05m + i * 7 % 4 * 0.30m,
            i % 7 == 3 ? DBNull.Value : 110 + 0.6 * (i % 50) + i * 5 % 11,
            i % 3 == 0 ? DBNull.Value : $"visit {i}");
    }
    return visits;
}
