using System.Text.Json;
using Imputation.Tests.Diagnostics;

namespace Imputation.Tests.Cli;

public sealed class PluginTests : IDisposable
{
    private static readonly string s_plugin = typeof(RowCountDiagnostic).Assembly.Location;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [PluginFact]
    public void APluginsDiagnostics_AreRun_AndItsFailuresAreFindings()
    {
        string json = _scratch.Path("out.json");
        ImputeResult result = Impute.Run("describe", Repository.Example("nhanes.csv"), "--plugin", s_plugin, "--json", json).Expect(0);
        foreach (string said in (string[])["there are 25 rows", "'failing' failed: it fails, always",
            "UnmakeableDiagnostic could not be created: it cannot be made"])
            Assert.Contains(said, OneLine(result));

        JsonElement root = JsonDocument.Parse(File.ReadAllText(json)).RootElement;
        JsonElement[] entries = [.. root.GetProperty("diagnostics").EnumerateArray()];
        JsonElement rows = entries.Single(e => e.GetProperty("name").GetString() == "row-count");
        Assert.Equal(25, rows.GetProperty("values").GetProperty("rows").GetInt32());
        // the rest is not sunk
        Assert.Contains(entries, e => e.GetProperty("name").GetString() == "little" && e.GetProperty("wasRun").GetBoolean());
        Assert.Contains(root.GetProperty("findings").EnumerateArray(), f => f.GetProperty("code").GetString() == "plugin-failed");
    }

    /// <summary>The summary without the breaks that the width of a terminal puts in.</summary>
    private static string OneLine(ImputeResult result) => string.Join(' ',
        result.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [PluginFact]
    public void WhatIsNoAssembly_IsAFinding_AndWhatIsNotThere_AUsageError()
    {
        string text = _scratch.Write("plugin.dll", "not an assembly");
        string said = OneLine(Impute.Run("describe", Repository.Example("nhanes.csv"), "--only", "patterns", "--plugin", text).Expect(0));
        Assert.Contains("plugin.dll': it could not be loaded", said);
        Impute.Run("describe", Repository.Example("nhanes.csv"), "--plugin", _scratch.Path("nowhere.dll")).Expect(2).Says("nowhere.dll",
            "no such file");
    }

    [PluginFact]
    public void Diagnostics_AreChosenByName_AndATypoIsToldFromAName()
    {
        string json = _scratch.Path("out.json");
        Impute.Run("describe", Repository.Example("nhanes.csv"), "--only", "row-count,patterns", "--plugin", s_plugin, "--json", json,
            "--quiet").Expect(0);
        Assert.Equal(["patterns", "row-count", $"plugin:{Path.GetFileName(s_plugin)}"],
            JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("diagnostics").EnumerateArray()
                .Select(e => e.GetProperty("name").GetString()));
        Impute.Run("describe", Repository.Example("nhanes.csv"), "--without", "litle").Expect(2).Says("unknown diagnostic 'litle'",
            "Did you mean 'little'?");
    }

    [NativeFact]
    public void NativeBuild_RefusesPlugins_AndNamesThePackageThatHasThem()
    {
        string json = _scratch.Path("out.json");
        Impute.Run("describe", Repository.Example("nhanes.csv"), "--plugin", s_plugin, "--json", json).Expect(2).Says("has no plug-ins",
            "Imputation.Tool.any");
        Assert.False(File.Exists(json));
        Impute.Run("describe", Repository.Example("nhanes.csv"), "--plugin", _scratch.Path("nowhere.dll")).Expect(2).Says("nowhere.dll",
            "no such file");
    }

    [PluginFact]
    public void Failures_StandInTheShortSummary_FirstAmongTheWarnings()
    {
        string text = _scratch.Write("notadll", "not an assembly");
        string[] lines = Impute.Run("describe", Path.Combine(Repository.Root, "tests", "References", "data", "bfi.csv"), "--plugin", text)
            .Expect(0).Text.Split('\n');
        Assert.StartsWith("Warning         Plugin '", lines.First(line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }
}
