using FsCheck;
using FsCheck.Fluent;

namespace Imputation.Properties;

/// <summary>Data with a maximum that every path finds.</summary>
public static class Gentle
{
    public static Arbitrary<DataCase> Data => DataCase.Gentle;
}

/// <summary>Anything, and any way to fit it.</summary>
public static class Wild
{
    public static Arbitrary<DataCase> Data => DataCase.Wild;

    public static Arbitrary<FitCase> Fit => FitCase.Wild;
}

/// <summary>Gentle data whose rows drop out, without rows that spoil the monotone pattern's closed form.</summary>
public static class Monotone
{
    public static Arbitrary<DataCase> Data => DataCase.Gentle.Filter(c => c.Mechanism == Mechanism.DropOut && !c.EmptyRows
        && !c.Duplicates);
}
