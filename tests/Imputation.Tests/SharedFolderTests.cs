using Imputation.Tests.Shared;

namespace Imputation.Tests;

/// <summary>What is tested only with the folder 'shared'. Without it these are reported as skipped, so that nobody takes the rest for
/// all.</summary>
public class SharedFolderTests
{
    [SharedFact("cases/mvn")]
    public void ReferencesThatMayNotBeCopied_AreTested() => Assert.Equal(["oceanbuoys", "riskfactors_num"], ReferenceCase.OnlyShared);

    [SharedFact("parquet/conformance")]
    public void ParquetConformanceFiles_AreTested() => Assert.InRange(Files("parquet/conformance").Length, 45, int.MaxValue);

    [SharedFact("parquet/refuse")]
    public void ParquetFilesToRefuse_AreTested() => Assert.InRange(Files("parquet/refuse").Length, 10, int.MaxValue);

    private static string[] Files(string part) => [.. Directory.EnumerateFiles(SharedFolder.Find(part)!)
        .Where(f => f.Contains(".parquet", StringComparison.Ordinal))];
}
