namespace Imputation.Parquet.Storage;

/// <summary>A file that is damaged, or written in a way that is not supported. The message describes it in the terms of the
/// format.</summary>
internal sealed class ParquetException(string message, Exception? inner = null) : Exception(message, inner);
