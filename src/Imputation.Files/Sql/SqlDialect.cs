namespace Imputation.Files;

/// <summary>The SQL of an engine.</summary>
public enum SqlDialect
{
    /// <summary>PostgreSQL, and engines that speak as it does.</summary>
    PostgreSql,

    /// <summary>DuckDB.</summary>
    DuckDb,

    /// <summary>Spark SQL and Databricks.</summary>
    Spark,

    /// <summary>BigQuery (GoogleSQL).</summary>
    BigQuery,

    /// <summary>Snowflake.</summary>
    Snowflake,

    /// <summary>Trino, Presto and Athena.</summary>
    Trino,

    /// <summary>ClickHouse.</summary>
    ClickHouse,
}
