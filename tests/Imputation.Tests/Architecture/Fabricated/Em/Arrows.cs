using Imputation.Tests.Architecture.Fabricated.Models;

namespace Imputation.Tests.Architecture.Fabricated.Em;

/// <summary>Arrows that must not be: what <see cref="ArrowTests"/> is tested with.</summary>
internal sealed class FieldArrow
{
    public readonly List<AModel?[]>? Field = null;
}

internal interface SignatureArrow
{
    void Take(AModel model);
}

internal static class BodyArrow
{
    public static int Count() => AModel.Count;
}

internal sealed class Harmless;
