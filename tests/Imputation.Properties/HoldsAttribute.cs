using FsCheck.Xunit;

namespace Imputation.Properties;

/// <summary>A property: a test method with parameters that must hold of every case.
/// A failure prints the case, the smallest case found from it, and a replay seed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HoldsAttribute : PropertyAttribute
{
    /// <param name="generators">Classes whose static members are the generators of the parameters; FsCheck's own by default.</param>
    public HoldsAttribute(params Type[] generators)
    {
        Arbitrary = generators;
        MaxTest = Holds.Cases;
        QuietOnSuccess = true;
        if (Holds.Replay is { } replay) Replay = replay;
    }

    /// <summary>Whether this is the main property, which is run on more cases.</summary>
    public bool IsMain
    {
        get;
        set
        {
            field = value;
            MaxTest = value ? Holds.MainCases : Holds.Cases;
        }
    }
}
