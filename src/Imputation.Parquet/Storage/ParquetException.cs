namespace Imputation.Parquet.Storage;

/// <summary>A file that is damaged, or written in a way that is not supported. The message says what, in the format's own words.</summary>
internal sealed class ParquetException(string message, Exception? inner = null) : Exception(message, inner);
