namespace Imputation.Files.Streams;

/// <summary>What the bytes of a file pass on their way to the disk. Nothing, except in tests, where it is a disk that fills up.</summary>
/// <param name="file">The file.</param>
internal delegate Stream Medium(Stream file);
