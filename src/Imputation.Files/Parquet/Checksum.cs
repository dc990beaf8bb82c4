namespace Imputation.Files.Parquet;

/// <summary>CRC-32 as gzip has it, eight bytes at a time.</summary>
internal static class Checksum
{
    private static readonly uint[][] s_tables = Tables();

    public static uint Of(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        uint[][] t = s_tables;
        for (; data.Length >= 8; data = data[8..])
        {
            crc ^= BitConverter.ToUInt32(data);
            uint high = BitConverter.ToUInt32(data[4..]);
            crc = t[7][crc & 255] ^ t[6][crc >> 8 & 255] ^ t[5][crc >> 16 & 255] ^ t[4][crc >> 24]
                ^ t[3][high & 255] ^ t[2][high >> 8 & 255] ^ t[1][high >> 16 & 255] ^ t[0][high >> 24];
        }
        foreach (byte b in data) crc = t[0][(crc ^ b) & 255] ^ crc >> 8;
        return ~crc;
    }

    private static uint[][] Tables()
    {
        var tables = new uint[8][];
        for (int k = 0; k < 8; k++)
        {
            tables[k] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                uint crc = k == 0 ? i : tables[k - 1][i];
                for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
                tables[k][i] = crc;
            }
        }
        return tables;
    }
}
