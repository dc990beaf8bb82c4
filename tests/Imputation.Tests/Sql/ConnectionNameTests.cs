using Imputation.Sql;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Sql;

/// <summary>Where a connection comes from, and that nothing of it is repeated but host and database.</summary>
public sealed class ConnectionNameTests
{
    private const string Marker = "m4rker-Pa55word";

    [Fact]
    public void ConnectionStrings_AreReadAsTheyAre_AndTheirPasswordIsPointedOut()
    {
        var name = ConnectionName.Parse($"Host=db.example.org;Database=sales;Username=me;Password={Marker}");
        Assert.Equal("db.example.org/sales", name.Place);
        Assert.True(name.ShowsPassword);
        Assert.False(ConnectionName.Parse("Host=h;Port=5433;Username=me").ShowsPassword);
        Assert.Equal("h:5433/me", ConnectionName.Parse("Host=h;Port=5433;Username=me").Place);
    }

    /// <summary>A keyword may be the rest of a password, and an URI has it in the middle.</summary>
    [Theory]
    [InlineData($"Host=h;Password=abc;{Marker};Database=d")]
    [InlineData($"Host=h;Password=\"{Marker}")]
    [InlineData($"Host=h;Port={Marker}")]
    [InlineData($"Host=h;SslMode={Marker}")]
    [InlineData($"Database=d;Password={Marker}")]
    [InlineData($"postgresql://me:{Marker}@h/d")]
    [InlineData($"{Marker};[x]")]
    public void WhatCannotBeRead_IsNotRepeated(string text)
    {
        DatabaseException refused = Assert.Throws<DatabaseException>(() => ConnectionName.Parse(text));
        Assert.Contains("xpected", refused.Message);
        Assert.DoesNotContain(Marker, refused.ToString());
    }

    /// <summary>The names of environment variables are used up: tests run beside each other.</summary>
    [Fact]
    public void EnvironmentVariables_GoBeforeServices()
    {
        using var scratch = new Scratch();
        const string both = "IMPUTE_TEST_BOTH", service = "impute_test_service", variable = "PGSERVICEFILE";
        string? before = Environment.GetEnvironmentVariable(variable);
        try
        {
            Environment.SetEnvironmentVariable(variable, scratch.Write("services", $"""
                # a comment
                [other]
                host=elsewhere
                [{service}]
                host=h1
                port=5444
                dbname=sales
                user=me
                password={Marker}
                sslmode=verify-full
                [{both}]
                host=h2
                [broken]
                host=h3
                {Marker}
                [unknown]
                keep_it={Marker}
                """));
            Environment.SetEnvironmentVariable(both, "Host=h0;Database=d");
            Assert.Equal("h0/d", ConnectionName.Parse(both).Place);
            var named = ConnectionName.Parse(service);
            Assert.Equal("h1:5444/sales", named.Place);
            Assert.Equal(Marker, named.Settings.Password);
            Assert.False(named.ShowsPassword);
            Environment.SetEnvironmentVariable(both, null);
            Assert.StartsWith("h2/", ConnectionName.Parse(both).Place);
            DatabaseException broken = Assert.Throws<DatabaseException>(() => ConnectionName.Parse("broken")),
                unknown = Assert.Throws<DatabaseException>(() => ConnectionName.Parse("unknown"));
            Assert.Contains("line 15", broken.Message);
            Assert.Contains("'keep_it' is not understood", unknown.Message);
            Assert.DoesNotContain(Marker, broken.ToString() + unknown);
            Assert.Contains("export IMPUTE_TEST_NOWHERE='Host=", Assert.Throws<DatabaseException>(() =>
                ConnectionName.Parse("IMPUTE_TEST_NOWHERE")).Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
            Environment.SetEnvironmentVariable(both, null);
        }
    }
}
