namespace Imputation.Files.Spss;

/// <summary>How strings are divided over a case: 8 bytes to an element, and strings of more than 255 bytes over several variables, its
/// segments, of 255 bytes each.</summary>
internal static class SpssWidths
{
    /// <summary>Bytes of a segment that hold text.</summary>
    public const int Segment = 255;

    /// <summary>The longest string.</summary>
    public const int Longest = 32767;

    /// <summary>Number of segments is the width divided by this, rounded up: fewer than 255, as older programs counted.</summary>
    private const int Counted = 252;

    /// <summary>Bytes of the elements of a full segment, the last of which is not text.</summary>
    public const int SegmentBytes = 256;

    public static int SegmentCount(int width) => width <= Segment ? 1 : (width + Counted - 1) / Counted;

    /// <summary>Width that the record of a segment states.</summary>
    public static int SegmentWidth(int width, int segment) =>
        width <= Segment ? width : segment < SegmentCount(width) - 1 ? Segment : width - segment * Counted;

    public static int ElementCount(int width)
    {
        if (width == 0) return 1;
        int segments = SegmentCount(width);
        return (segments - 1) * (SegmentBytes / 8) + (SegmentWidth(width, segments - 1) + 7) / 8;
    }

    /// <summary>Where in its elements the byte of a string is.</summary>
    public static int Place(int index, int width) => width <= Segment ? index : index / Segment * SegmentBytes + index % Segment;
}
